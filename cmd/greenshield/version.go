package main

import (
	"fmt"
	"runtime"

	"greenshield/api"
)

type versionCommand struct{}

// Run prints the program's version and platform.
func (versionCommand) Run(s *session) error {
	_, err := fmt.Fprintf(s.stdout, "%s %s/%s %s\n", s.program, runtime.GOOS, runtime.GOARCH, runtime.Version())
	return err
}

type openapiCommand struct{}

// Run prints the OpenAPI document that the server serves; the web application's types are made from it.
func (openapiCommand) Run(s *session) error {
	doc, err := api.Document(s.texts, s.program)
	if err != nil {
		return err
	}
	_, err = s.stdout.Write(append(doc, '\n'))
	return err
}
