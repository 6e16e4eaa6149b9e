// Command greenshield watches an ecological red line, protected areas, shoreline and construction land: it imports
// layers year by year, serves them as a map with an API, checks parcels for conflicts and reports change. This
// package only joins the floors; everything it can do is done by the packages below.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"greenshield/geo"
	"greenshield/layers/text"
)

// version is set by the build.
var version = "dev"

// The exit codes, documented in `greenshield --help` and the README.
const (
	exitFailed  = 1 // something went wrong that is not the input's fault
	exitUsage   = 2 // the command line was wrong
	exitRefused = 3 // the input was refused; the message says why and what to do
)

// commands is the command line.
type commands struct {
	Lang string `help:"cli.lang" env:"GREENSHIELD_LANG" enum:"zh-CN,en" default:"${lang}"`

	Serve        serveCommand        `cmd:"" help:"cli.serve"`
	Demo         demoCommand         `cmd:"" help:"cli.demo"`
	Preview      previewCommand      `cmd:"" help:"cli.preview"`
	Import       importCommand       `cmd:"" help:"cli.import"`
	Check        checkCommand        `cmd:"" help:"cli.check"`
	Change       changeCommand       `cmd:"" help:"cli.change"`
	Shoreline    shorelineCommand    `cmd:"" help:"cli.shoreline"`
	Nodecrease   nodecreaseCommand   `cmd:"" help:"cli.nodecrease"`
	Leads        leadsCommand        `cmd:"" help:"cli.leads"`
	Construction constructionCommand `cmd:"" help:"cli.construction"`
	Indicator    indicatorCommand    `cmd:"" help:"cli.indicator"`
	Verify       verifyCommand       `cmd:"" help:"cli.verify"`
	Replay       replayCommand       `cmd:"" help:"cli.replay"`
	Export       exportCommand       `cmd:"" help:"cli.export"`
	Openapi      openapiCommand      `cmd:"" help:"cli.openapi"`
	Problems     problemsCommand     `cmd:"" help:"cli.problems"`
	Version      versionCommand      `cmd:"" help:"cli.version"`
}

// session is what every command is run with.
type session struct {
	ctx     context.Context
	built   builtIn
	texts   *text.Catalog
	lang    string
	stdout  io.Writer
	stderr  io.Writer
	program string
	now     func() time.Time
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run executes one command line and gives its exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return runWith(ctx, newBuiltIn(), args, stdout, stderr)
}

// runWith is run with data that may have been read before.
func runWith(ctx context.Context, built builtIn, args []string, stdout, stderr io.Writer) int {
	texts, err := built.texts()
	if err != nil {
		fmt.Fprintln(stderr, "greenshield:", err)
		return exitFailed
	}
	s := &session{
		ctx: ctx, built: built, texts: texts, lang: firstLanguage(args), stdout: stdout, stderr: stderr,
		program: "greenshield " + version, now: time.Now,
	}
	var c commands
	code, exited := 0, false
	parser, err := kong.New(&c, kong.Name("greenshield"), kong.Description(s.word("cli.description")),
		kong.Vars{"lang": s.lang}, kong.Writers(stdout, stderr), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.NamedMapper("existing", kong.MapperFunc(existingPath)),
		kong.Exit(func(n int) { code, exited = n, true }))
	if err == nil {
		err = s.explain(parser.Model.Node)
	}
	if err != nil {
		fmt.Fprintln(stderr, "greenshield:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(args)
	if exited { // --help was asked for and answered
		return code
	}
	if err != nil {
		fmt.Fprintf(stderr, "greenshield: %v\n%s\n", err, s.word("cli.see_help"))
		return exitUsage
	}
	s.lang = c.Lang
	return s.report(parsed.Run(s))
}

// coded is an error that asks for an exit code of its own; a nil err prints nothing.
type coded struct {
	code int
	err  error
}

func (c coded) Error() string {
	if c.err == nil {
		return ""
	}
	return c.err.Error()
}

func (c coded) Unwrap() error { return c.err }

// report prints an error in the reader's language and gives the exit code.
func (s *session) report(err error) int {
	if err == nil {
		return 0
	}
	code := exitFailed
	var own coded
	var problem *geo.Problem
	switch {
	case errors.As(err, &own):
		if own.err == nil {
			return own.code
		}
		code = own.code
	case errors.As(err, &problem) && !ofTheMachine(problem.Code):
		code = exitRefused
	}
	if errors.As(err, &problem) {
		fmt.Fprintf(s.stderr, "greenshield: %s\n  [%s]\n", s.texts.Sentence(s.lang, problem), problem.Code)
		if problem.Err != nil {
			fmt.Fprintf(s.stderr, "  %v\n", problem.Err)
		}
		return code
	}
	fmt.Fprintln(s.stderr, "greenshield:", err)
	return code
}

// ofTheMachine reports whether a problem is about disk, permissions or locks, which no input can mend.
func ofTheMachine(code string) bool {
	switch code {
	case "store.busy", "store.disk.full", "store.disk.failing", "store.file.read-only", "store.file.unopenable",
		"ingest.zip.disk-full", "ingest.zip.temp-read-only":
		return true
	}
	return false
}

func (s *session) word(key string, args ...any) string { return s.texts.Word(s.lang, key, args...) }

// firstLanguage is the language of what is said before the command line is understood, such as its help.
func firstLanguage(args []string) string {
	asked := os.Getenv("GREENSHIELD_LANG")
	for i, a := range args {
		if value, ok := strings.CutPrefix(a, "--lang="); ok {
			asked = value
		} else if a == "--lang" && i+1 < len(args) {
			asked = args[i+1]
		}
	}
	if slices.Contains(text.Languages(), asked) {
		return asked
	}
	return localLanguage()
}

// localLanguage follows the terminal: Chinese unless the locale names another language.
func localLanguage() string {
	locale := os.Getenv("LC_ALL") + os.Getenv("LC_MESSAGES") + os.Getenv("LANG")
	if strings.HasPrefix(locale, "en") {
		return "en"
	}
	return text.Languages()[0]
}
