package io.middleware.gateway.consul;

import io.middleware.core.balancing.Subset;
import io.middleware.core.directory.Directory;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.JsonNode;

/**
 * Tells the directory which gateways there are, as each uses another {@link Subset} of a large service. All that are registered
 * count, healthy or not: one that restarts moves no connections of the others. While Consul gives no list, the last one stays.
 */
final class SubsetWatch implements SmartLifecycle, QueryOutcome {
    private static final Logger log = LoggerFactory.getLogger(SubsetWatch.class);
    private static final String PATH = "/v1/health/service/" + GatewayRegistration.SERVICE;

    private final ConsulHttp consul;
    private final Directory directory;
    private final String gateway;
    private final int most;
    private Set<String> gateways = Set.of();
    private @Nullable LongPoll<JsonNode> poll;

    /** {@code gateway}: the id of this one; {@code most}: instances of a pool that it uses; 0 for all. */
    SubsetWatch(ConsulHttp consul, Directory directory, String gateway, int most) {
        this.consul = consul;
        this.directory = directory;
        this.gateway = gateway;
        this.most = most;
    }

    @Override
    public synchronized void start() {
        directory.use(new Subset(most, gateway, gateways));
        if (most > 0) {
            poll = new LongPoll<>(
                    consul,
                    PATH,
                    consul::json,
                    this::onGateways,
                    this,
                    new BackOff(RandomGenerator.getDefault()),
                    consul.worker());
            poll.start();
        }
    }

    private void onGateways(ConsulHttp.Response<JsonNode> response) throws IOException {
        if (!response.body().isArray()) {
            throw new IOException("the response is not a list of gateways");
        }
        Set<String> ids = new TreeSet<>();
        response.body().forEach(entry -> ids.add(entry.at("/Service/ID").asString("")));
        if (!ids.equals(gateways)) {
            gateways = ids;
            directory.use(new Subset(most, gateway, ids));
        }
    }

    @Override
    public synchronized void stop() {
        if (poll != null) {
            poll.stop();
        }
        poll = null;
    }

    @Override
    public synchronized boolean isRunning() {
        return poll != null;
    }

    /** Starts before instances are known. */
    @Override
    public int getPhase() {
        return -1;
    }

    @Override
    public boolean onSuccess(Object client) {
        return false;
    }

    @Override
    public void onFailure(Object client, String why) {
        // the watch of services reports it; a token that may not read this service costs balance only
        log.debug("no list of gateways: {}", why);
    }

    @Override
    public void onEnd(Object client) {
        // nobody waits for it
    }
}
