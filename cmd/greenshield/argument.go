package main

import (
	"fmt"
	"os"
	"reflect"

	"github.com/alecthomas/kong"
)

// existingPath reads an argument that names what somebody delivered: a file, or a folder of files such as a file
// geodatabase. It must exist, so that a slip of the pen is told as wrong usage.
func existingPath(ctx *kong.DecodeContext, target reflect.Value) error {
	var path string
	if err := ctx.Scan.PopValueInto("file", &path); err != nil {
		return err
	}
	path = kong.ExpandPath(path)
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("delivered file: %w", err)
	}
	target.SetString(path)
	return nil
}
