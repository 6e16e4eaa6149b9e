package main

import (
	"fmt"
	"io"

	"greenshield/geo"
	"greenshield/layers/text"
)

type problemsCommand struct {
	Code string `arg:"" optional:"" help:"cli.problems.code"`
}

// Run prints one kind of problem in all languages, or all of them in the session's. Arguments stand in braces.
func (c problemsCommand) Run(s *session) error {
	if c.Code == "" {
		for _, p := range s.texts.Problems() {
			if _, err := fmt.Fprintf(s.stdout, "%s\n    %s\n", p.Code, p.Sentences[s.lang]); err != nil {
				return err
			}
		}
		return nil
	}
	p, ok := s.texts.Problem(c.Code)
	if !ok {
		return coded{exitUsage, geo.NewProblem("api.problem.unknown", "code", c.Code)}
	}
	return explainProblem(s.stdout, p)
}

func explainProblem(w io.Writer, p text.Template) error {
	if _, err := fmt.Fprintln(w, p.Code); err != nil {
		return err
	}
	for _, lang := range text.Languages() {
		if _, err := fmt.Fprintf(w, "    %s\n", p.Sentences[lang]); err != nil {
			return err
		}
	}
	return nil
}
