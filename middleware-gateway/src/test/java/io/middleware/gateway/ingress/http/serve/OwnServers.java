package io.middleware.gateway.ingress.http.serve;

import io.middleware.core.Settings;
import io.middleware.core.Ticker;
import io.middleware.core.balancing.PowerOfTwoChoices;
import io.middleware.core.directory.Directory;
import io.middleware.core.instance.Instance;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.CallReport;
import io.middleware.gateway.ingress.Cors;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.json.BodyBudget;
import io.middleware.gateway.ingress.http.json.JsonMemory;
import io.middleware.gateway.ingress.http.json.JsonWorkers;
import io.middleware.gateway.ingress.http.route.Router;
import io.middleware.gateway.schema.OwnServices;
import io.middleware.gateway.schema.SchemaWatch;
import io.middleware.gateway.transport.ConnectionOptions;
import io.middleware.gateway.transport.EventLoops;
import io.middleware.gateway.transport.Http2Transport;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Servers for a gateway's own calls, without registry and application context. They know the gateway's own methods. */
public final class OwnServers {
    private OwnServers() {}

    public static OwnHttpServer.Factory on(EventLoops loops, Settings settings, CallReport report) {
        Ticker ticker = Ticker.system();
        Directory directory = new Directory(service -> new PowerOfTwoChoices(), Instance::new, settings, ticker);
        Duration second = Duration.ofSeconds(1);
        SchemaWatch schemas = new SchemaWatch(
                directory,
                new Http2Transport(loops, new ConnectionOptions(second, 1, second)),
                loops,
                OwnServices.methods());
        Router router = new Router(directory, schemas, true);
        HttpOptions options = HttpOptions.of(report, settings.unaryDeadline(), DataSize.ofMegabytes(1), Cors.NONE);
        return calls -> new OwnHttpServer(
                new HttpIngress(
                        router,
                        Documents.NONE,
                        calls,
                        CallGate.NONE,
                        loops,
                        ticker,
                        options,
                        BodyBudget.ofHeap(),
                        JsonWorkers.onThreads(JsonMemory.ofHeap(), ticker)),
                options,
                loops);
    }
}
