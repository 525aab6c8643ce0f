package com.example.orders;

import com.example.shop.v1.CountRequest;
import com.example.shop.v1.CountResponse;
import com.example.shop.v1.Order;
import com.example.shop.v1.OrdersGrpc.OrdersImplBase;
import com.example.shop.v1.PlaceRequest;
import io.grpc.stub.StreamObserver;
import io.middleware.starter.idempotency.Idempotent;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Service;

/** Orders in a database: one that is sent twice with the same idempotency key is placed once. */
@Service
class OrdersService extends OrdersImplBase {

    private final JdbcClient jdbc;

    OrdersService(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** With a key it runs in a transaction that the starter has begun, in which the key and the response are written, too. */
    @Idempotent
    @Override
    public void place(PlaceRequest request, StreamObserver<Order> responses) {
        KeyHolder generated = new GeneratedKeyHolder();
        jdbc.sql("insert into orders (item, note) values (?, ?)")
                .params(request.getItem(), request.getNote())
                .update(generated, "number");
        long number = generated.getKeyAs(Long.class);
        responses.onNext(Order.newBuilder().setNumber(number).setItem(request.getItem()).build());
        responses.onCompleted();
    }

    @Override
    public void count(CountRequest request, StreamObserver<CountResponse> responses) {
        long orders = jdbc.sql("select count(*) from orders").query(Long.class).single();
        responses.onNext(CountResponse.newBuilder().setOrders(orders).build());
        responses.onCompleted();
    }
}
