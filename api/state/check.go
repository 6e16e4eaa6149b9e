package state

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"greenshield/geo"
)

// Check is the receipt for a conflict check.
type Check struct {
	ID                   string
	Created              time.Time
	File, Activity, Date string
	Verdict              string
	// Result is bytes that only their writer understands.
	Result []byte
}

// AddCheck keeps a check.
func (d *DB) AddCheck(ctx context.Context, c Check) error {
	_, err := d.sql.ExecContext(ctx, `INSERT INTO parcel_check (id, created, file, activity, date, verdict, result)
		VALUES (?, ?, ?, ?, ?, ?, ?)`, c.ID, stamp(c.Created), c.File, c.Activity, c.Date, c.Verdict, c.Result)
	return err
}

// Check gives one check, problem "api.check.unknown" when there is none.
func (d *DB) Check(ctx context.Context, id string) (Check, error) {
	c := Check{ID: id}
	var created string
	err := d.sql.QueryRowContext(ctx, `SELECT created, file, activity, date, verdict, result FROM parcel_check
		WHERE id = ?`, id).Scan(&created, &c.File, &c.Activity, &c.Date, &c.Verdict, &c.Result)
	if errors.Is(err, sql.ErrNoRows) {
		return Check{}, geo.NewProblem("api.check.unknown", "id", id)
	}
	c.Created = unstamp(created)
	return c, err
}
