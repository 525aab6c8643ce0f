// Converts an amount 25 times a second, and tells which instance responded: client [TARGET [CALLS]].
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	"example.com/rates/ratesv1"
)

func main() {
	target, calls := "127.0.0.1:9090", 1
	if len(os.Args) > 1 {
		target = os.Args[1]
	}
	if len(os.Args) > 2 {
		var err error
		if calls, err = strconv.Atoi(os.Args[2]); err != nil {
			log.Fatal(err)
		}
	}
	channel, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer channel.Close()
	succeeded := callAll(ratesv1.NewRatesClient(channel), calls)
	fmt.Printf("%d of %d calls succeeded\n", succeeded, calls)
	if succeeded < calls {
		os.Exit(1)
	}
}

func callAll(rates ratesv1.RatesClient, calls int) (succeeded int) {
	for range calls {
		var headers metadata.MD
		deadline, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		converted, err := rates.Convert(deadline, &ratesv1.ConvertRequest{Amount: 10, From: "EUR", To: "BRL"}, grpc.Header(&headers))
		cancel()
		if err != nil {
			fmt.Println(err)
		} else {
			succeeded++
			fmt.Printf("%v BRL, by %s\n", converted.Amount, strings.Join(headers.Get("middleware-instance"), ""))
		}
		time.Sleep(40 * time.Millisecond)
	}
	return succeeded
}
