package com.example.inventory;

import java.util.Map;

import com.example.shop.v1.CountItemsRequest;
import com.example.shop.v1.CountItemsResponse;
import com.example.shop.v1.InventoryGrpc.InventoryImplBase;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import org.springframework.stereotype.Service;

/** A gRPC service like any other: that it is registered, sends heartbeats and drains is the starter's work. */
@Service
class InventoryService extends InventoryImplBase {

    private static final Map<String, Integer> STOCK = Map.of("tea", 12, "coffee", 7, "cocoa", 0);

    @Override
    public void countItems(CountItemsRequest request, StreamObserver<CountItemsResponse> responses) {
        Integer count = STOCK.get(request.getItem());
        if (count == null) {
            throw Status.NOT_FOUND.withDescription("no such item: " + request.getItem()).asRuntimeException();
        }
        responses.onNext(CountItemsResponse.newBuilder().setItem(request.getItem()).setCount(count).build());
        responses.onCompleted();
    }
}
