package io.middleware.gateway.warmup;

import io.middleware.core.CallHandler;
import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.gateway.GatewaySettings;
import io.middleware.gateway.StartupStep;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.http.serve.OwnHttpServer;
import io.middleware.gateway.ingress.local.LocalServices;
import io.middleware.gateway.transport.EventLoops;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Makes calls to the gateway itself before its ports open. Without them the first calls of each protocol take a hundred times as long
 * as later ones, and all calls behind them on the same event loop wait.
 */
@Component
final class WarmUp extends StartupStep {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    /** By then the code of a call is compiled, and further calls take as long. */
    static final int ENOUGH = 500;

    private final EventLoops loops;
    private final CallHandler services;
    private final OwnHttpServer.Factory servers;
    private final Settings calls;
    private final Ticker ticker;
    private final CallReport report;
    private final Duration longest;

    @Autowired
    WarmUp(
            EventLoops loops,
            LocalServices services,
            OwnHttpServer.Factory servers,
            Settings calls,
            Ticker ticker,
            CallReport report,
            GatewaySettings settings) {
        this(loops, services, servers, calls, ticker, report, settings.warmUp());
    }

    /** {@code longest}: zero for no calls. */
    WarmUp(
            EventLoops loops,
            CallHandler services,
            OwnHttpServer.Factory servers,
            Settings calls,
            Ticker ticker,
            CallReport report,
            Duration longest) {
        this.loops = loops;
        this.services = services;
        this.servers = servers;
        this.calls = calls;
        this.ticker = ticker;
        this.report = report;
        this.longest = longest;
    }

    @Override
    protected void run() {
        if (longest.isZero()) {
            return;
        }
        long begun = ticker.nanos();
        try (OwnChain chain = new OwnChain(loops, services, servers, calls, ticker, report);
                OwnCaller caller = new OwnCaller(chain.port(), OwnChain.METHOD, longest)) {
            int made = 0;
            while (made < ENOUGH && ticker.nanos() - begun < longest.toNanos()) {
                caller.call();
                made++;
            }
            log.debug(
                    "{} calls to itself in {} ms",
                    made,
                    Duration.ofNanos(ticker.nanos() - begun).toMillis());
        } catch (IOException | RuntimeException failed) {
            // slow is better than not at all
            log.warn("the first calls will be slow, as the gateway could not call itself: {}", failed.getMessage());
        }
    }
}
