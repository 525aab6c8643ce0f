package main

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"sync"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/rates/paymentsv1"
)

// serve starts a server with a connection to the file of its own, as another process would have.
func serve(t *testing.T, file string) paymentsv1.PaymentsClient {
	db, err := open(file)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer()
	paymentsv1.RegisterPaymentsServer(server, payments{db: db})
	go server.Serve(listener)
	channel, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		channel.Close()
		server.Stop()
		db.Close()
	})
	return paymentsv1.NewPaymentsClient(channel)
}

func pay(to paymentsv1.PaymentsClient, key string, cents int64) (*paymentsv1.Payment, bool, error) {
	var headers metadata.MD
	ctx := metadata.AppendToOutgoingContext(context.Background(), "idempotency-key", key)
	payment, err := to.Pay(ctx, &paymentsv1.PayRequest{To: "Ada", Cents: cents}, grpc.Header(&headers))
	return payment, len(headers.Get("idempotency-replayed")) == 1, err
}

func TestTwoServersRacingForEachKey_payOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "payments.db")
	servers := []paymentsv1.PaymentsClient{serve(t, file), serve(t, file)}
	const keys = 100
	for key := range keys {
		var numbers [2]int64
		var both sync.WaitGroup
		for i, server := range servers {
			both.Add(1)
			go func() {
				defer both.Done()
				payment, _, err := pay(server, fmt.Sprint(key), 5)
				if err != nil {
					t.Error(err)
					return
				}
				numbers[i] = payment.Number
			}()
		}
		both.Wait()
		if numbers[0] != numbers[1] {
			t.Fatalf("key %d: expected one payment, got %v", key, numbers)
		}
	}
	total, err := servers[0].Total(context.Background(), &paymentsv1.TotalRequest{})
	if err != nil || total.Payments != keys {
		t.Fatalf("expected %d payments, got %v, %v", keys, total, err)
	}
}

func TestRepeats(t *testing.T) {
	server := serve(t, filepath.Join(t.TempDir(), "payments.db"))
	first, replayed, err := pay(server, "k", 5)
	if err != nil || replayed {
		t.Fatal(first, replayed, err)
	}
	again, replayed, err := pay(server, "k", 5)
	if err != nil || !replayed || again.Number != first.Number {
		t.Fatalf("expected the first response, got %v, %v, %v", again, replayed, err)
	}
	if _, _, err = pay(server, "k", 6); status.Code(err) != codes.InvalidArgument {
		t.Fatalf("expected the refusal of another request, got %v", err)
	}
	if _, _, err = pay(server, "l", 0); status.Code(err) != codes.InvalidArgument {
		t.Fatalf("expected an error of the method, got %v", err)
	}
	if _, replayed, err = pay(server, "l", 5); err != nil || replayed {
		t.Fatalf("expected that an error leaves nothing, got %v, %v", replayed, err)
	}
}
