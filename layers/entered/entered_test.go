package entered_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"greenshield/geo"
	"greenshield/layers/analysis/indicator"
	"greenshield/layers/entered"
)

var noon = time.Date(2026, 3, 15, 12, 0, 0, 5, time.UTC)

func value(id string, n float64) indicator.Value {
	return indicator.Value{Indicator: id, Region: "450802", Year: 2025, Number: &n, Source: "年鉴", Date: "2026-03-01", By: "甲"}
}

func TestNothingEntered(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "indicators")
	if all, err := entered.In(dir).All(); err != nil || len(all) != 0 {
		t.Errorf("%v, %v", all, err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Error("reading made a folder")
	}
}

func TestCorrectionsLeaveWhatTheyCorrect(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "indicators")
	if err := entered.In(dir).Add([]indicator.Value{value("urban-sewage", 90), value("training", 100)}, noon); err != nil {
		t.Fatal(err)
	}
	withdrawn := value("training", 0)
	withdrawn.Number, withdrawn.Withdrawn = nil, true
	if err := entered.In(dir).Add([]indicator.Value{value("urban-sewage", 96.5), withdrawn}, noon); err != nil {
		t.Fatal(err)
	}
	all, err := entered.In(dir).All()
	if err != nil || len(all) != 4 || !all[0].Entered.Equal(noon.Truncate(time.Second)) || all[0].Source != "年鉴" {
		t.Fatalf("%+v, %v", all, err)
	}
	current := indicator.Current(all)
	if len(current) != 1 || *current[0].Number != 96.5 {
		t.Errorf("current: %+v", current)
	}
}

func TestManyAtOnce(t *testing.T) {
	dir := t.TempDir()
	var group sync.WaitGroup
	for k := range 20 {
		group.Go(func() { // each with a File of its own, as several programs would
			if err := entered.In(dir).Add([]indicator.Value{value(fmt.Sprint("a", k), 1), value(fmt.Sprint("b", k), 2)}, noon); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	all, err := entered.In(dir).All()
	if err != nil || len(all) != 40 {
		t.Fatalf("%d values, %v", len(all), err)
	}
	for i := 0; i < len(all); i += 2 {
		if all[i].Indicator[1:] != all[i+1].Indicator[1:] {
			t.Errorf("values of two programs are mixed: %s, %s", all[i].Indicator, all[i+1].Indicator)
		}
	}
}

func TestATornLineIsNotPassedOver(t *testing.T) {
	dir := t.TempDir()
	if err := entered.In(dir).Add([]indicator.Value{value("training", 1)}, noon); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "values.jsonl")
	raw, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(string(raw), "}\n") {
		t.Fatalf("%q, %v", raw, err)
	}
	if err := os.WriteFile(path, append(raw, raw[:20]...), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := entered.In(dir).All(); geo.CodeOf(err) != "indicator.values.damaged" {
		t.Errorf("got %v", err)
	}
}
