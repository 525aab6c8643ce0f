package io.middleware.gateway.warmup;

import io.middleware.core.Ticker;
import io.middleware.core.directory.Directory;
import io.middleware.core.directory.InstanceChange;
import io.middleware.core.instance.Instance;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Connects each event loop to an instance whose server has just started. Otherwise the first call on each of them would wait for the
 * connection, from a server that has never accepted one of a gateway's. A probe makes it, and what it finds out is left to calls.
 */
@Component
final class ConnectAhead {
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

    private final Http2Transport transport;
    private final EventLoops loops;
    private final Ticker ticker;

    ConnectAhead(Directory directory, Http2Transport transport, EventLoops loops, Ticker ticker) {
        this.transport = transport;
        this.loops = loops;
        this.ticker = ticker;
        directory.listen(this::onChange);
    }

    private void onChange(InstanceChange change) {
        Instance instance = change.instance();
        boolean appeared = change.kind() == InstanceChange.Kind.CAME || change.kind() == InstanceChange.Kind.CONFIRMED;
        if (appeared && instance.inUse() && instance.newness().times(instance, ticker.nanos()) > 1) {
            for (EventExecutor loop : loops.group()) {
                loop.execute(() -> transport.probe(instance, PATIENCE, nothing -> {}));
            }
        }
    }
}
