package io.middleware.load;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Calls without the middleware, as people make them first: a plain gRPC channel to a fixed list of servers, in turn. All
 * else is what grpc-java does by itself: it avoids servers that it cannot connect to, connects again with its own
 * back-off, and has no retry policy.
 */
final class FixedServers extends NameResolverProvider {

    private static final String SCHEME = "fixed-servers";

    /** A server in the list. */
    record Server(String name, String host, int port) {

        /** @throws IllegalArgumentException if the text is not {@code NAME=HOST:PORT} */
        static Server parse(String text) {
            int equals = text.indexOf('=');
            int colon = text.lastIndexOf(':');
            if (equals < 1 || colon < equals + 2) {
                throw new IllegalArgumentException("expected NAME=HOST:PORT, got '" + text + "'");
            }
            return new Server(
                    text.substring(0, equals),
                    text.substring(equals + 1, colon),
                    Integer.parseInt(text.substring(colon + 1)));
        }
    }

    private final List<Server> servers;
    private final Map<SocketAddress, String> names = new ConcurrentHashMap<>();

    FixedServers(List<Server> servers) {
        this.servers = servers;
    }

    Connection connect() {
        NameResolverRegistry.getDefaultRegistry().register(this);
        ManagedChannel channel = Grpc.newChannelBuilder(SCHEME + ":///", InsecureChannelCredentials.create())
                .defaultLoadBalancingPolicy("round_robin")
                .intercept(new NameServer(this::name))
                .build();
        return new Connection(channel, () -> {
            channel.shutdownNow();
            NameResolverRegistry.getDefaultRegistry().deregister(this);
        });
    }

    /** Returns the server that a call went to; empty when it went nowhere. */
    private String name(Attributes call) {
        SocketAddress address = call.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return address == null ? "" : names.getOrDefault(address, "");
    }

    /** Looks the hosts up again each time that gRPC asks, as it does after a failure: their addresses may change. */
    private List<EquivalentAddressGroup> lookUp() {
        List<EquivalentAddressGroup> found = new ArrayList<>();
        for (Server server : servers) {
            InetSocketAddress address = new InetSocketAddress(server.host, server.port);
            if (!address.isUnresolved()) {
                names.put(address, server.name);
                found.add(new EquivalentAddressGroup(address));
            }
        }
        return found;
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 0;
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return SCHEME.equals(target.getScheme()) ? new Resolver(args.getOffloadExecutor()) : null;
    }

    private final class Resolver extends NameResolver {

        private final @Nullable Executor executor;
        private @Nullable Listener2 listener;

        Resolver(@Nullable Executor executor) {
            this.executor = executor;
        }

        @Override
        public String getServiceAuthority() {
            return servers.getFirst().host;
        }

        @Override
        public void start(Listener2 starting) {
            listener = starting;
            refresh();
        }

        @Override
        public void refresh() {
            Listener2 receiver = listener;
            if (receiver == null) {
                return;
            }
            Runnable report = () -> receiver.onResult(ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(lookUp()))
                    .build());
            if (executor == null) {
                report.run();
            } else {
                executor.execute(report);
            }
        }

        @Override
        public void shutdown() {
            listener = null;
        }
    }
}
