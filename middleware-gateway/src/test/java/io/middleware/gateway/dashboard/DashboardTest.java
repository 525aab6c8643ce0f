package io.middleware.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.middleware.gateway.StreamedLines;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What gateways serve below {@code /dashboard/}, on real sockets. */
class DashboardTest {
    private TwoGateways gateways;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws IOException {
        gateways = new TwoGateways();
        await().until(gateways::settled);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        gateways.close();
    }

    @Test
    void root_leadsBrowsersToThePage_andTellsProgramsWhereItIs() {
        HttpResponse<String> browser =
                gateways.first().send(gateways.first().request("/").header("Accept", "text/html,*/*"));
        HttpResponse<String> program = gateways.first().get("/");

        assertThat(browser.statusCode()).isEqualTo(302);
        assertThat(browser.headers().firstValue("location")).hasValue("dashboard/");
        assertThat(program.statusCode()).isEqualTo(404);
        assertThat(program.body()).contains("/dashboard/", "/api/");
        assertThat(gateways.first().get("/dashboard/").body()).startsWith("<!DOCTYPE html>");
        assertThat(gateways.first().get("/dashboard/nothing").statusCode()).isEqualTo(404);
        assertThat(gateways.first().post("/dashboard/data", "{}").statusCode()).isEqualTo(405);
    }

    @Test
    void watchers_getWhatAllGatewaysSee_atOnceWhenAnInstanceEnds() throws Exception {
        BlockingQueue<JsonObject> pictures = watch();
        JsonObject whole = next(
                pictures,
                picture -> picture.getAsJsonArray("gateways").size() == 2
                        && states(picture).equals(List.of("passing", "passing", "passing"))
                        && instance(picture, 0).getAsJsonObject("seen").size() == 2);
        assertThat(instance(whole, 0).getAsJsonObject("seen").keySet()).containsExactly("gateway-1", "gateway-2");
        assertThat(instance(whole, 0).has("heartbeat"))
                .as("of which none is known")
                .isFalse();
        next(pictures, picture -> instance(picture, 1).has("heartbeat"));

        // the other gateway makes the calls, and finds out
        gateways.killFirstServerAtNextCall();
        callSecond();
        JsonObject ejected =
                next(pictures, picture -> states(picture).getFirst().equals("ejected"));

        assertThat(instance(ejected, 0).get("cause").getAsString()).isEqualTo("unreachable");
        next(
                pictures,
                picture -> picture.has("events")
                        && picture.get("events").toString().contains("\"moved\""));

        callSecond(); // a rate is of the last seconds only
        next(
                pictures,
                picture -> instance(picture, 1).get("rate").getAsDouble() > 1
                        && instance(picture, 1).has("p99"));
    }

    private void callSecond() {
        for (int i = 0; i < 20; i++) {
            assertThat(gateways.second().get("/hello?message=Hello").body()).contains("World");
        }
    }

    @Test
    void oneOfTwoGatewaysThatEnds_keepsItsLastPicture() throws Exception {
        BlockingQueue<JsonObject> pictures = watch();
        // until it has given a picture there is none to keep
        next(pictures, picture -> hasSecond(picture, "up"));

        gateways.endSecond();
        JsonObject silent = next(pictures, picture -> hasSecond(picture, "silent"));

        assertThat(states(silent)).containsOnly("passing");
        JsonObject told = next(pictures, picture -> picture.has("events"));
        assertThat(told.get("events").toString()).contains("gateway-silent");
    }

    @Test
    void peersAreAskedForTheirOwnPicture_only() {
        gateways.first().get("/hello?message=Hello");
        JsonObject own = JsonParser.parseString(
                        gateways.first().get("/dashboard/data").body())
                .getAsJsonObject();

        assertThat(own.get("id").getAsString()).isEqualTo("gateway-1");
        assertThat(own.has("gateways")).isFalse();
    }

    @Test
    void ordersToFail_reachOnlyServersThatTakeThem() throws IOException {
        BlockingQueue<String> orders = new LinkedBlockingQueue<>();
        HttpServer management = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        management.createContext("/actuator/fault", exchange -> {
            String order = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            orders.add(order);
            byte[] reply = (order.contains("hang") ? "{\"mode\":\"hang\"}" : "{\"message\":\"no such fault\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(order.contains("hang") ? 200 : 400, reply.length);
            exchange.getResponseBody().write(reply);
            exchange.close();
        });
        management.start();
        try {
            String hang = "{\"service\":\"service\",\"host\":\"127.0.0.1\",\"port\":" + gateways.firstServersPort()
                    + ",\"mode\":\"hang\"}";
            assertThat(order(hang)).as("nobody takes orders").isEqualTo(404);
            gateways.faultsPort = management.getAddress().getPort();
            assertThat(order(hang)).isEqualTo(200);
            assertThat(orders).containsExactly("{\"mode\":\"hang\"}");
            assertThat(gateways.first()
                            .post("/dashboard/faults", hang.replace("hang", "odd"))
                            .body())
                    .contains("no such fault");
            assertThat(order(hang.replace("127.0.0.1", "127.0.0.2"))).isEqualTo(404);
            assertThat(order(hang.replace("\"service\":\"service\"", "\"service\":\"other\"")))
                    .isEqualTo(404);
            assertThat(order("[")).isEqualTo(400);
            assertThat(order("{}")).isEqualTo(400);
            assertThat(order("")).isEqualTo(400);
            assertThat(order(" ".repeat(5000))).isEqualTo(413);
            assertThat(gateways.first()
                            .post("/dashboard/faults", hang, "Origin", "http://elsewhere.example")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(gateways.first()
                            .post("/dashboard/faults", hang, "Content-Type", "text/plain")
                            .statusCode())
                    .isEqualTo(415);
            assertThat(gateways.first().get("/dashboard/faults").statusCode()).isEqualTo(405);
        } finally {
            management.stop(0);
        }
    }

    private int order(String json) {
        return gateways.first().post("/dashboard/faults", json).statusCode();
    }

    /** Watches the first gateway. */
    private BlockingQueue<JsonObject> watch() throws IOException, InterruptedException {
        BlockingQueue<JsonObject> pictures = new LinkedBlockingQueue<>();
        HttpResponse<Stream<String>> response = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://127.0.0.1:" + gateways.first().port() + "/dashboard/events"))
                        .build(),
                BodyHandlers.ofLines());
        assertThat(response.headers().firstValue("content-type")).hasValue("text/event-stream");
        StreamedLines.read(response.body(), line -> {
            if (line.startsWith("data: ")) {
                pictures.add(JsonParser.parseString(line.substring("data: ".length()))
                        .getAsJsonObject());
            }
        });
        return pictures;
    }

    /** Returns the next picture that is such. */
    private static JsonObject next(BlockingQueue<JsonObject> pictures, Predicate<JsonObject> such)
            throws InterruptedException {
        JsonObject last = null;
        for (int i = 0; i < 40; i++) {
            JsonObject picture = pictures.poll(10, TimeUnit.SECONDS);
            assertThat(picture).as("a picture after " + last).isNotNull();
            if (such.test(picture)) {
                return picture;
            }
            last = picture;
        }
        throw new AssertionError("no such picture; the last: " + last);
    }

    private static JsonObject instance(JsonObject picture, int index) {
        return picture.getAsJsonArray("instances").get(index).getAsJsonObject();
    }

    private static boolean hasSecond(JsonObject picture, String state) {
        JsonArray gateways = picture.getAsJsonArray("gateways");
        return gateways.size() == 2
                && gateways.get(1).getAsJsonObject().get("state").getAsString().equals(state);
    }

    private static List<String> states(JsonObject picture) {
        return picture.getAsJsonArray("instances").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .map(instance -> instance.get("state").getAsString())
                .toList();
    }
}
