package main

import (
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"path/filepath"

	"greenshield/api"
	"greenshield/api/state"
	"greenshield/layers/tiles"
	"greenshield/web"
)

type serveCommand struct {
	inWorkspace
	Address string   `help:"cli.address" env:"GREENSHIELD_ADDRESS" default:"127.0.0.1:8080"`
	Host    []string `help:"cli.host" env:"GREENSHIELD_HOST" placeholder:"gis.example.cn"`
	Log     string   `help:"cli.log" env:"GREENSHIELD_LOG" enum:"debug,info,warn,error" default:"info"`
}

// Run serves map, API and web application until it is interrupted.
func (c *serveCommand) Run(s *session) error {
	w, err := c.create(s)
	if err != nil {
		return err
	}
	defer w.close()
	kept, err := state.Open(s.ctx, filepath.Join(c.Workspace, "state.db"))
	if err != nil {
		return err
	}
	defer kept.Close()
	styles, err := readData("styles", tiles.LoadBook)
	if err != nil {
		return err
	}
	server, err := api.New(api.Config{
		Store: w.store, Library: w.library, State: kept, Book: w.book, Codes: w.codes,
		Tiles: tiles.New(w.library, styles, tiles.Options{}), Texts: s.texts, Web: builtWeb(),
		Workspace: c.Workspace, Hosts: c.Host,
		Now: s.now, Program: s.program, Logger: s.logger(c.Log),
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Address)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.stdout, s.word("cli.serve.ready", "address", "http://"+listener.Addr().String()))
	if !web.Built() {
		fmt.Fprintln(s.stdout, s.word("cli.serve.no_web"))
	}
	return server.Run(s.ctx, listener)
}

// builtWeb is the browser application, nil when it was not built into this program.
func builtWeb() fs.FS {
	if !web.Built() {
		return nil
	}
	return web.Dist()
}

func (s *session) logger(level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(s.stderr, &slog.HandlerOptions{Level: l}))
}
