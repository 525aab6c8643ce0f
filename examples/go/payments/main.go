// A gRPC server that makes each payment once, by its idempotency key: payments [-database FILE] [-address ADDRESS] [-port PORT]
// [-consul URL]. All servers on a machine may share one file.
package main

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"
	_ "modernc.org/sqlite"

	"example.com/rates/paymentsv1"
	"example.com/rates/registration"
)

type payments struct {
	paymentsv1.UnimplementedPaymentsServer
	db *sql.DB
}

func (p payments) Pay(ctx context.Context, request *paymentsv1.PayRequest) (*paymentsv1.Payment, error) {
	if request.Cents <= 0 {
		return nil, status.Errorf(codes.InvalidArgument, "cents: expected more than 0, got %d", request.Cents)
	}
	return once(ctx, p.db, paymentsv1.Payments_Pay_FullMethodName, request, &paymentsv1.Payment{},
		func(tx *sql.Tx, payment *paymentsv1.Payment) error {
			result, err := tx.ExecContext(ctx, `insert into payment (recipient, cents) values (?, ?)`, request.To, request.Cents)
			if err != nil {
				return status.Errorf(codes.Unavailable, "rolled back, nothing is left of the call: %v", err)
			}
			number, err := result.LastInsertId()
			payment.Number, payment.To, payment.Cents = number, request.To, request.Cents
			return err
		})
}

func (p payments) Total(ctx context.Context, _ *paymentsv1.TotalRequest) (*paymentsv1.TotalResponse, error) {
	total := &paymentsv1.TotalResponse{}
	err := p.db.QueryRowContext(ctx, `select count(*), coalesce(sum(cents), 0) from payment`).Scan(&total.Payments, &total.Cents)
	return total, err
}

// open creates what is missing. Commits wait for the disk, and for up to 5 s for those of other servers.
func open(file string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+file+
		"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	for _, statement := range []string{keysTable, forgetOld,
		`create table if not exists payment (number integer primary key, recipient text not null, cents integer not null)`} {
		if _, err := db.Exec(statement); err != nil {
			return nil, err
		}
	}
	return db, nil
}

func main() {
	database := flag.String("database", "payments.db", "")
	address := flag.String("address", "127.0.0.1",
		"to listen on and be called at; gateways in containers need the machine's own")
	port := flag.Int("port", 0, "0: any that is free")
	consul := flag.String("consul", "http://127.0.0.1:8500", "")
	flag.Parse()

	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()

	db, err := open(*database)
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(*address, strconv.Itoa(*port)))
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	paymentsv1.RegisterPaymentsServer(server, payments{db: db})
	reflection.Register(server)
	go func() {
		if err := server.Serve(listener); err != nil {
			log.Fatal(err)
		}
	}()

	instance := registration.New(*consul, "payments", "payments.v1.Payments", *address, listener.Addr().(*net.TCPAddr).Port)
	// all methods that change something do: gateways may send calls with a key again
	instance.Tell("idempotency-keys", "true")
	fmt.Println(instance.ID, "serves payments.v1.Payments")
	go forget(ended, db)
	instance.Keep(ended)
	// it has left Consul: calls on their way still come for a moment
	time.Sleep(500 * time.Millisecond)
	server.GracefulStop()
}

// forget deletes keys of yesterday each hour.
func forget(until context.Context, db *sql.DB) {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		select {
		case <-until.Done():
			return
		case <-hourly.C:
			if _, err := db.ExecContext(until, forgetOld); err != nil {
				log.Print(err)
			}
		}
	}
}
