package com.example.caller;

import java.util.concurrent.atomic.AtomicReference;

import com.example.shop.v1.CountItemsRequest;
import com.example.shop.v1.CountItemsResponse;
import com.example.shop.v1.InventoryGrpc;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.middleware.client.MiddlewareClient;

/** Counts the tea, 25 times a second, and tells which instance responded. */
public final class Caller {

    private static final Metadata.Key<String> INSTANCE =
            Metadata.Key.of("middleware-instance", Metadata.ASCII_STRING_MARSHALLER);

    private static final int PAUSE_MILLIS = 40;

    private Caller() {
    }

    /** @param arguments the middleware's {@code HOST:PORT}, and how many calls to make */
    public static void main(String[] arguments) throws InterruptedException {
        String target = arguments.length > 0 ? arguments[0] : "127.0.0.1:9090";
        int calls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
        int succeeded = 0;
        var request = CountItemsRequest.newBuilder().setItem("tea").build();

        try (MiddlewareClient middleware = MiddlewareClient.connect(target)) {
            var inventory = middleware.stub(InventoryGrpc::newBlockingStub);
            for (int call = 0; call < calls; call++) {
                var headers = new AtomicReference<Metadata>();
                var trailers = new AtomicReference<Metadata>();
                try {
                    CountItemsResponse response = inventory
                            .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)).countItems(request);
                    System.out.println(response.getItem() + ": " + response.getCount() + ", by " + headers.get().get(INSTANCE));
                    succeeded++;
                } catch (StatusRuntimeException failure) {
                    System.out.println(failure.getMessage());
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
        System.out.println(succeeded + " of " + calls + " calls succeeded");
        System.exit(succeeded == calls ? 0 : 1);
    }
}
