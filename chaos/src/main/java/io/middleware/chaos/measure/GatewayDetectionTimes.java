package io.middleware.chaos.measure;

import io.middleware.chaos.stack.Part;
import io.middleware.chaos.stack.Parts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads from the gateways' {@code /actuator/instances} when each of them ejected an instance or saw its health check
 * fail.
 */
public final class GatewayDetectionTimes implements DetectionTimes {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final JsonMapper JSON = new JsonMapper();

    private final List<Part> gateways;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    public GatewayDetectionTimes(Parts parts) {
        this.gateways = parts.gateways();
    }

    @Override
    public OptionalLong avoided(String instance, long sinceMicros) {
        List<OptionalLong> times = gateways.stream()
                .map(gateway -> first(changes(gateway), instance, sinceMicros))
                .toList();
        return times.stream().allMatch(OptionalLong::isPresent)
                ? times.stream().mapToLong(OptionalLong::getAsLong).max()
                : OptionalLong.empty();
    }

    /** Returns {@code sinceMicros} itself where the instance was avoided already, for another reason. */
    static OptionalLong first(Collection<JsonNode> changes, String instance, long sinceMicros) {
        boolean ejected = false;
        boolean failing = false;
        for (JsonNode change : changes) {
            if (!change.get("instance").asString().equals(instance)) {
                continue;
            }
            long at = ChronoUnit.MICROS.between(
                    Instant.EPOCH, Instant.parse(change.get("at").asString()));
            if (at >= sinceMicros && (ejected || failing)) {
                break;
            }
            switch (change.get("change").asString()) {
                case "ejected" -> ejected = true;
                case "back" -> ejected = false;
                case "failing", "gone" -> failing = true;
                case "came", "confirmed" -> failing = false;
                default -> {}
            }
            if (at >= sinceMicros && (ejected || failing)) {
                return OptionalLong.of(at);
            }
        }
        return ejected || failing ? OptionalLong.of(sinceMicros) : OptionalLong.empty();
    }

    /** Returns nothing when the gateway does not respond. */
    private List<JsonNode> changes(Part gateway) {
        URI uri = URI.create(
                "http://" + gateway.host() + ":" + gateway.ports().get("management") + "/actuator/instances");
        try {
            String body = client.send(
                            HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString())
                    .body();
            return StreamSupport.stream(JSON.readTree(body).path("changes").spliterator(), false)
                    .toList();
        } catch (IOException | JacksonException unreachable) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
