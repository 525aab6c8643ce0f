// A gRPC server that the middleware finds in Consul: rates [-address ADDRESS] [-port PORT] [-consul URL].
package main

import (
	"context"
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

	"example.com/rates/ratesv1"
	"example.com/rates/registration"
)

var inEuro = map[string]float64{"EUR": 1, "BRL": 0.16, "JPY": 0.006, "USD": 0.9}

type rates struct {
	ratesv1.UnimplementedRatesServer
}

func (rates) Convert(_ context.Context, request *ratesv1.ConvertRequest) (*ratesv1.ConvertResponse, error) {
	from, known := inEuro[request.From]
	if !known {
		return nil, status.Errorf(codes.NotFound, "no such currency: %s", request.From)
	}
	to, known := inEuro[request.To]
	if !known {
		return nil, status.Errorf(codes.NotFound, "no such currency: %s", request.To)
	}
	return &ratesv1.ConvertResponse{Amount: request.Amount * from / to}, nil
}

func main() {
	address := flag.String("address", "127.0.0.1",
		"to listen on and be called at; gateways in containers need the machine's own")
	port := flag.Int("port", 0, "0: any that is free")
	consul := flag.String("consul", "http://127.0.0.1:8500", "")
	flag.Parse()

	ended, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()

	listener, err := net.Listen("tcp", net.JoinHostPort(*address, strconv.Itoa(*port)))
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	ratesv1.RegisterRatesServer(server, rates{})
	// the middleware translates JSON by what reflection tells it
	reflection.Register(server)
	go func() {
		if err := server.Serve(listener); err != nil {
			log.Fatal(err)
		}
	}()

	instance := registration.New(*consul, "rates", "rates.v1.Rates", *address, listener.Addr().(*net.TCPAddr).Port)
	fmt.Println(instance.ID, "serves rates.v1.Rates")
	instance.Keep(ended)
	// it has left Consul: calls on their way still come for a moment
	time.Sleep(500 * time.Millisecond)
	server.GracefulStop()
}
