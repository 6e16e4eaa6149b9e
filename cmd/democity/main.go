// Command democity writes the demo city as files, for benchmarks and for trying an import by hand; `greenshield demo`
// makes it and imports it in one step.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"greenshield/cmd/democity/city"
	"greenshield/cmd/democity/files"
	"greenshield/data"
)

func main() {
	out := flag.String("out", "democity", "folder to write to")
	scale := flag.Float64("scale", 1, "how many times more land-use patches; 25 gives about 300,000")
	seed := flag.Uint64("seed", 1, "another seed makes another city")
	flag.Usage = func() {
		fmt.Fprint(flag.CommandLine.Output(),
			"democity writes the demo city as files.\n\n  democity -out /tmp/city -scale 25\n\n")
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := write(context.Background(), *out, city.Options{Scale: *scale, Seed: *seed}); err != nil {
		fmt.Fprintln(os.Stderr, "democity:", err)
		os.Exit(1)
	}
}

func write(ctx context.Context, out string, o city.Options) error {
	raw, err := data.Files.ReadFile("demo/names.json")
	if err != nil {
		return err
	}
	names, err := city.ReadNames(raw)
	if err != nil {
		return err
	}
	c := city.Make(names, o)
	tell := func(done, total int64) { fmt.Fprintf(os.Stderr, "%d of %d layers\n", done, total) }
	if _, err := files.WriteLayers(ctx, filepath.Join(out, "layers"), c, tell); err != nil {
		return err
	}
	return files.WriteParcels(ctx, filepath.Join(out, "parcels"), c.Parcels)
}
