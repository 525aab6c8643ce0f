package io.middleware.gateway.ingress.local;

import com.google.protobuf.Empty;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.middleware.core.Call;
import io.middleware.core.CallHandler;
import io.middleware.core.Code;
import io.middleware.core.Failure;
import io.middleware.core.OngoingCall;
import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.gateway.headers.MiddlewareHeaders;
import io.middleware.gateway.headers.NettyHeaders;
import io.middleware.gateway.reflection.Catalog;
import io.middleware.gateway.schema.OwnServices;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code grpc.reflection.v1.ServerReflection}, {@code v1alpha} and {@code grpc.health.v1.Health} from what the
 * gateway knows, and leaves all other calls to another handler. Instances that have these services get no calls of
 * them.
 */
public final class LocalServices implements CallHandler {
    /** What the names of all services here begin with: other calls are not looked up. */
    private static final String PREFIX = "/grpc.";

    private final CallHandler others;
    private final Ticker ticker;
    private final ServiceStatuses statuses;
    private final HealthWatches watches;
    private final Map<String, Method> methods;
    private final Set<LocalCall> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    /** {@code stream}: it has no end of its own. */
    private record Method(LocalMethod.Factory factory, boolean stream) {}

    /**
     * @param others   starts the calls of all other services
     * @param catalogs returns the current catalog
     * @param ready    whether the gateway wants calls
     */
    public LocalServices(
            CallHandler others, Directory directory, Supplier<Catalog> catalogs, BooleanSupplier ready, Ticker ticker) {
        this.others = others;
        this.ticker = ticker;
        this.statuses = new ServiceStatuses(directory, ready);
        this.watches = new HealthWatches(statuses);
        Method reflection = new Method(call -> new ReflectionMethod(call, catalogs), true);
        this.methods = Map.of(
                "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                reflection,
                "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                reflection,
                "/grpc.health.v1.Health/Check",
                new Method(UnaryMethod.of(HealthCheckRequest.parser(), this::check), false),
                HealthList.PATH,
                new Method(UnaryMethod.of(Empty.parser(), request -> HealthList.of(statuses.all())), false),
                "/grpc.health.v1.Health/Watch",
                new Method(watches::start, true));
    }

    @Override
    public @Nullable OngoingCall start(Call call) {
        if (call.peer() != null && call.headers() instanceof NettyHeaders(Http2Headers http2)) {
            // what Nginx says of a caller is for the gate alone, and there may be none
            http2.remove(MiddlewareHeaders.CLIENT_CERTIFICATE);
        }
        if (!call.path().startsWith(PREFIX)) {
            return others.start(call);
        }
        Method method = methods.get(call.path());
        if (method != null) {
            return start(call, method);
        }
        String grpcService = Call.grpcService(call.path());
        if (grpcService == null || !OwnServices.files().containsKey(grpcService)) {
            return others.start(call);
        }
        call.caller().onFailure(new Failure(Code.UNIMPLEMENTED, "no such method: " + call.path()));
        return null;
    }

    private LocalCall start(Call call, Method method) {
        LocalCall local = new LocalCall(call, method.stream ? streams::remove : ended -> {});
        if (method.stream) {
            streams.add(local);
        }
        local.start(method.factory, ticker.nanos());
        if (method.stream && draining) {
            local.run(() -> endForDrain(local));
        }
        return local;
    }

    private HealthCheckResponse check(HealthCheckRequest request) {
        ServingStatus status = statuses.of(request.getService());
        if (status == null) {
            throw new UnaryMethod.NotFoundException("no registered service serves " + request.getService());
        }
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }

    /** Updates the callers who watch a status. Called a few times a second, on any one thread. */
    public void refresh() {
        watches.refresh();
    }

    /** Returns the number of callers who watch a status. */
    public int watches() {
        return watches.size();
    }

    /**
     * Called when the gateway wants no more calls. Tells those who watch, and ends all streams here: they have no end
     * of their own, and the drain would wait for them.
     */
    public void drain() {
        draining = true;
        watches.refresh();
        streams.forEach(call -> call.run(() -> endForDrain(call)));
    }

    private static void endForDrain(LocalCall call) {
        call.fail(Code.UNAVAILABLE, "this gateway is about to end (expected: the call at another one)");
    }
}
