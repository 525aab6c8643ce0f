package io.middleware.gateway.consul;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;
import tools.jackson.databind.JsonNode;

/** Asks Consul. Sends each question when it is asked, and waits for the response. */
final class ConsulLookup implements RegistryLookup {
    private static final String HEALTH = "/v1/health/service/";
    /** In the meta of an instance that can be made to fail on purpose: the port at which. */
    private static final String FAULTS_PORT = "faults-port";

    private static final Pattern BEAT = Pattern.compile("beat at (\\S+),.*", Pattern.DOTALL);

    private final ConsulHttp consul;
    private final ConsulWatch watch;

    ConsulLookup(ConsulHttp consul, ConsulWatch watch) {
        this.consul = consul;
        this.watch = watch;
    }

    @Override
    public void listen(Listener listener) {
        watch.reachability().listen(listener);
    }

    @Override
    public Duration age() {
        return watch.reachability().age();
    }

    @Override
    public Optional<String> problem() {
        return watch.reachability().problem();
    }

    @Override
    public List<Gateway> gateways() throws IOException, InterruptedException {
        List<Gateway> gateways = new ArrayList<>();
        for (JsonNode entry : entries(GatewayRegistration.SERVICE)) {
            gateways.add(new Gateway(
                    entry.at("/Service/ID").asString(""),
                    address(entry),
                    entry.at("/Service/Port").asInt(0),
                    entry.at("/Checks")
                            .valueStream()
                            .noneMatch(
                                    check -> check.path("Status").asString("").equals("critical"))));
        }
        return gateways;
    }

    /** Knows those at this gateway's own agent only: agents rarely tell others of a heartbeat that changes nothing. */
    @Override
    public Map<String, Instant> heartbeats() throws IOException, InterruptedException {
        Map<String, Instant> heartbeats = new HashMap<>();
        for (JsonNode check : consul.get("/v1/agent/checks", 0).body()) {
            Instant beat = beat(check.path("Output").asString(""));
            if (beat != null) {
                heartbeats.put(check.path("ServiceID").asString(""), beat);
            }
        }
        return heartbeats;
    }

    @Override
    public List<FaultPort> faultPorts(String service) throws IOException, InterruptedException {
        List<FaultPort> ports = new ArrayList<>();
        for (JsonNode entry : entries(service)) {
            int port = entry.at("/Service/Meta/" + FAULTS_PORT).asInt(0);
            if (port > 0 && port <= 65_535) {
                ports.add(
                        new FaultPort(address(entry), entry.at("/Service/Port").asInt(0), port));
            }
        }
        return ports;
    }

    /** Returns the entries of a service. A list that the token's rights have reduced is an error, not an empty list. */
    private JsonNode entries(String service) throws IOException, InterruptedException {
        ConsulHttp.Response<JsonNode> response =
                consul.get(HEALTH + UriUtils.encodePathSegment(service, StandardCharsets.UTF_8), 0);
        watch.requireComplete(service, response.body().isEmpty(), response.filtered());
        return response.body();
    }

    /** Returns null for the output of a check that is no heartbeat of ours. */
    private static @Nullable Instant beat(String output) {
        Matcher beat = BEAT.matcher(output);
        try {
            return beat.matches() ? Instant.parse(beat.group(1)) : null;
        } catch (DateTimeParseException other) {
            return null;
        }
    }

    private static String address(JsonNode entry) {
        String own = entry.at("/Service/Address").asString("");
        return own.isBlank() ? entry.at("/Node/Address").asString("") : own;
    }
}
