package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.instance.Pool;
import io.middleware.gateway.library.LibraryServer;
import java.io.IOException;
import org.springframework.util.unit.DataSize;

/** An HTTP gateway as a process of its own, before one server on this machine, whose port is the argument. Ends with its input. */
final class SmallGateway {
    private SmallGateway() {}

    public static void main(String[] arguments) throws IOException {
        try (HttpGateway gateway = new HttpGateway(DataSize.ofMegabytes(16))) {
            gateway.register("library-1", Integer.parseInt(arguments[0]), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
            while (!gateway.schemas().settled()) {
                Thread.onSpinWait();
            }
            System.out.println("port " + gateway.port());
            System.in.transferTo(System.err);
        }
    }
}
