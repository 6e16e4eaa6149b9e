package api

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"

	"greenshield/api/state"
	"greenshield/geo"
	"greenshield/layers"
	"greenshield/layers/original"
)

// uploads is the folder of delivered files: one folder per content, named by its hash, so that the same bytes sent
// twice lie there once. A file's own name is never part of a path. It is safe for concurrent use.
type uploads struct {
	dir string

	mu   sync.Mutex
	held map[string]int // keys that a request is using right now; guarded by mu
}

func newUploads(dir string) *uploads { return &uploads{dir: dir, held: map[string]int{}} }

// upload is a delivered file that lies in the workspace.
type upload struct {
	key  string // folder in uploads
	path string // file to open
	name string // as its owner calls it, for people only
	hash layers.Hash
}

// incoming is a file that has been received but not yet put in its place.
type incoming struct {
	temp, name, extension string
	hash                  layers.Hash
	size                  int64
}

// receiving is a fresh folder for the files of one request.
func (u *uploads) receiving() (string, error) {
	if err := os.MkdirAll(u.dir, 0o750); err != nil {
		return "", fmt.Errorf("make the folder for uploads: %w", err)
	}
	return os.MkdirTemp(u.dir, receivingPrefix+"*")
}

const receivingPrefix = "receiving-"

// take writes one file below folder, hashing it on the way.
func (u *uploads) take(folder string, i int, name string, r io.Reader) (incoming, error) {
	in := incoming{temp: filepath.Join(folder, fmt.Sprintf("part-%d", i)), name: name, extension: extensionOf(name)}
	f, err := os.OpenFile(in.temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return in, err
	}
	sum := sha256.New()
	in.size, err = io.Copy(io.MultiWriter(f, sum), r)
	if err := errors.Join(err, f.Close()); err != nil {
		return in, err
	}
	sum.Sum(in.hash[:0])
	return in, nil
}

// settle moves received files to where their content belongs and holds them there until release.
func (u *uploads) settle(folder string, files []incoming) (upload, error) {
	main, hash, err := arrange(files)
	if err != nil {
		return upload{}, err
	}
	for _, f := range files {
		if err := os.Rename(f.temp, filepath.Join(folder, "upload"+f.extension)); err != nil {
			return upload{}, err
		}
	}
	key := hash.String() + strings.ReplaceAll(main.extension, ".", "-")
	u.mu.Lock()
	defer u.mu.Unlock()
	place := filepath.Join(u.dir, key)
	if _, err := os.Stat(place); err == nil {
		err = os.RemoveAll(folder)
		if err != nil {
			return upload{}, err
		}
	} else if err := os.Rename(folder, place); err != nil {
		return upload{}, err
	}
	u.held[key]++
	return upload{key: key, path: filepath.Join(place, "upload"+main.extension), name: main.name, hash: hash}, nil
}

// find is the file of an upload that was settled before, by an earlier process perhaps.
func (u *uploads) find(key string) (string, error) {
	names, err := filepath.Glob(filepath.Join(u.dir, filepath.Base(key), "upload*"))
	if err != nil || len(names) == 0 {
		return "", errors.Join(fmt.Errorf("upload %s is gone", key), err)
	}
	if i := slices.IndexFunc(names, func(n string) bool { return strings.HasSuffix(n, ".shp") }); i >= 0 {
		return names[i], nil
	}
	return names[0], nil
}

// release ends the hold of settle.
func (u *uploads) release(key string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.held[key]--; u.held[key] <= 0 {
		delete(u.held, key)
	}
}

// drop deletes an upload, unless a request holds it or wanted says that an import still needs it.
func (u *uploads) drop(ctx context.Context, key string, wanted func(context.Context) (map[string]bool, error)) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.held[key] > 0 {
		return nil
	}
	used, err := wanted(ctx)
	if err != nil || used[key] {
		return err
	}
	return os.RemoveAll(filepath.Join(u.dir, filepath.Base(key)))
}

// sweep deletes what an earlier process left behind: half-received files, and uploads that no import needs.
func (u *uploads) sweep(used map[string]bool) error {
	entries, err := os.ReadDir(u.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	for _, e := range entries {
		if !used[e.Name()] {
			err = errors.Join(err, os.RemoveAll(filepath.Join(u.dir, e.Name())))
		}
	}
	return err
}

// arrange decides which of several files is the one to open, and gives the hash of all of them together: that of
// the file itself when there is one.
func arrange(files []incoming) (incoming, layers.Hash, error) {
	if len(files) == 1 {
		return files[0], files[0].hash, nil
	}
	slices.SortFunc(files, func(a, b incoming) int { return cmp.Compare(a.extension, b.extension) })
	parts := make([]original.Part, len(files))
	sums := make([]layers.Hash, len(files))
	var main *incoming
	for i, f := range files {
		twice := i > 0 && files[i-1].extension == f.extension
		if twice || !original.IsCompanion(f.extension) || stem(f) != stem(files[0]) {
			return incoming{}, layers.Hash{}, geo.NewProblem("api.upload.not-one-set", "files", fileNames(files))
		}
		if f.extension == ".shp" {
			main = &files[i]
		}
		parts[i], sums[i] = original.Part{Name: f.extension, Companion: true}, f.hash
	}
	if main == nil {
		return incoming{}, layers.Hash{}, geo.NewProblem("api.upload.not-one-set", "files", fileNames(files))
	}
	return *main, original.Combine(parts, sums), nil
}

func fileNames(files []incoming) string {
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = f.name
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

func stem(f incoming) string {
	return strings.ToLower(f.name[:max(0, len(f.name)-len(f.extension))])
}

// extensionOf is the part of a name that says what a file is, in lower case; "" where it is nothing of the kind.
func extensionOf(name string) string {
	name = strings.ToLower(name)
	if strings.HasSuffix(name, ".shp.xml") {
		return ".shp.xml"
	}
	extension := filepath.Ext(name)
	if len(extension) < 2 || len(extension) > 12 {
		return ""
	}
	for _, r := range extension[1:] {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return ""
		}
	}
	return extension
}

// displayName is what people see of the name that a visitor sent: no folders, nothing that a terminal or a reader
// of mixed directions could be deceived with.
func displayName(sent string) string {
	name := strings.ToValidUTF8(sent, "\uFFFD")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if deceptive(r) {
			return -1
		}
		return r
	}, name))
	if name == "" || name == "." || name == ".." {
		return "file"
	}
	return name
}

// deceptive runes are control characters and those that turn the direction of reading (Unicode TR 36).
func deceptive(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e,
		r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0x2028, r == 0x2029:
		return true
	}
	return false
}

// isFull reports whether an error means that the disk has no room.
func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || state.IsFull(err)
}

// isReadOnly reports whether an error means that the program may not write where its uploads belong.
func isReadOnly(err error) bool {
	return errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission)
}

// hashOf reads the hash out of an upload's key.
func hashOf(key string) (layers.Hash, error) {
	var h layers.Hash
	digits, _, _ := strings.Cut(key, "-")
	n, err := hex.Decode(h[:], []byte(digits[:min(len(digits), 2*len(h))]))
	if err == nil && n != len(h) {
		err = fmt.Errorf("upload key %q has no hash", key)
	}
	return h, err
}

// release ends a request's hold on an upload.
func (s *Server) release(ctx context.Context, key string) {
	s.uploads.release(key)
	s.letGo(ctx, key)
}

// letGo deletes an upload that nobody needs any more. A failure leaves a file for the next start to sweep up.
func (s *Server) letGo(ctx context.Context, key string) {
	ctx = context.WithoutCancel(ctx)
	if err := s.uploads.drop(ctx, key, s.State.UploadsInUse); err != nil {
		s.log.WarnContext(ctx, "upload cannot be deleted", "upload", key, "error", err.Error())
	}
}

// renamed says a problem with the name that the owner of the file knows it by.
func (u upload) renamed(err error) error {
	var p *geo.Problem
	if !errors.As(err, &p) {
		return err
	}
	q := *p
	q.Args = slices.Clone(p.Args)
	for i, a := range q.Args {
		text, ok := a.Value.(string)
		if ok && u.path != "" && (text == u.path || text == filepath.Base(u.path)) {
			q.Args[i].Value = u.name
		}
	}
	return &q
}
