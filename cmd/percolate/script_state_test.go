package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // the driver of the state
)

// sqlite FILE STATEMENT changes a state behind percolate's back.
func sqlite(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	_, err = db.ExecContext(context.Background(), args[1])
	ts.Check(err)
}

// holdState FILE takes a state for itself until FILE.release appears.
func holdState() {
	db, err := sql.Open("sqlite", "file:"+os.Args[1]+"?_txlock=exclusive")
	if err != nil {
		panic(err)
	}
	if _, err := db.BeginTx(context.Background(), nil); err != nil {
		panic(err)
	}
	if err := os.WriteFile(os.Args[1]+".held", nil, 0o644); err != nil {
		panic(err)
	}
	fmt.Println("held")
	for range 2000 {
		if _, err := os.Stat(os.Args[1] + ".release"); err == nil {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}
