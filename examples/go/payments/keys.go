package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

const keysTable = `create table if not exists idempotency (
	caller text, method text, key text, request_hash blob not null, response blob not null,
	created_at integer not null default (unixepoch()),
	primary key (caller, method, key))`

const forgetOld = `delete from idempotency where created_at < unixepoch() - 24 * 60 * 60`

// once runs an effect in a transaction of its own, once per idempotency key: the key, what the effect wrote and the response
// are committed together or not at all. A repeat gets the first response. Transactions are immediate: one that has begun
// keeps all others, those of other servers too, waiting for its end, and so a repeat never overtakes the first call.
func once[R proto.Message](ctx context.Context, db *sql.DB, method string, request proto.Message, response R,
	effect func(*sql.Tx, R) error) (R, error) {
	var none R
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return none, status.Errorf(codes.Unavailable, "the call did not run: the database is not to be had: %v", err)
	}
	defer tx.Rollback() // does nothing after a commit
	caller, key := header(ctx, "middleware-caller"), header(ctx, "idempotency-key")
	hash, err := hashOf(request)
	if err != nil {
		return none, err
	}
	if key != "" {
		found, err := replay(ctx, tx, caller, method, key, hash, response)
		if err != nil {
			return none, err
		}
		if found {
			return response, grpc.SetHeader(ctx, metadata.Pairs("idempotency-replayed", "true"))
		}
	}
	if err := effect(tx, response); err != nil {
		return none, err
	}
	if key != "" {
		written, err := proto.Marshal(response)
		if err != nil {
			return none, err
		}
		if _, err := tx.ExecContext(ctx, `insert into idempotency (caller, method, key, request_hash, response)
			values (?, ?, ?, ?, ?)`, caller, method, key, hash, written); err != nil {
			return none, status.Errorf(codes.Unavailable, "rolled back, nothing is left of the call: %v", err)
		}
	}
	if err := tx.Commit(); err != nil {
		return none, status.Errorf(codes.Unavailable, "the call may have run: %v", err)
	}
	return response, nil
}

func replay(ctx context.Context, tx *sql.Tx, caller, method, key string, hash []byte, response proto.Message) (bool, error) {
	var before, written []byte
	err := tx.QueryRowContext(ctx, `select request_hash, response from idempotency
		where caller = ? and method = ? and key = ?`, caller, method, key).Scan(&before, &written)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, status.Errorf(codes.Unavailable, "the call did not run: %v", err)
	case !bytes.Equal(before, hash):
		return false, status.Error(codes.InvalidArgument, "the idempotency key was used for another request")
	}
	return true, proto.Unmarshal(written, response)
}

func hashOf(request proto.Message) ([]byte, error) {
	written, err := proto.MarshalOptions{Deterministic: true}.Marshal(request)
	hash := sha256.Sum256(written)
	return hash[:], err
}

func header(ctx context.Context, name string) string {
	if values := metadata.ValueFromIncomingContext(ctx, name); len(values) == 1 {
		return values[0]
	}
	return ""
}
