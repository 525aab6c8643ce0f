package io.middleware.gateway.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.dashboard.DashboardFixture;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.security.identity.ApiKeys;
import io.middleware.gateway.security.identity.Identities;
import io.middleware.gateway.security.rules.Admission;
import io.middleware.gateway.security.rules.Rules;
import io.middleware.gateway.tls.GatewayLinks;
import io.middleware.testsupport.Browser;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page where rules say who may see it: it asks for a key, and shows nothing without. */
class DashboardKeyIT {
    private static final Rules RULES = Rules.parse("""
            rules:
              - callers: ["key:ops"]
                methods: [dashboard, why]
                allow: true
              - callers: ["key:shop"]
                methods: ["library.v1.*"]
                allow: true
            """);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpGateway gateway;

    @BeforeEach
    void start() throws Exception {
        LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
        open.add(library);
        ApiKeys keys = ApiKeys.parse("ops: " + sha256("ops-key") + "\nshop: " + sha256("shop-key"));
        gateway = new HttpGateway(parts -> {
            DashboardFixture page =
                    DashboardFixture.of("gateway-1", new ListedGateways(List.of()), GatewayLinks.PLAIN, parts);
            open.add(page.dashboard());
            Gatekeeper gate = new Gatekeeper(
                    new Identities(() -> keys, null, null),
                    () -> RULES,
                    Admission.UNLIMITED,
                    new PeerGateways(List.of()),
                    new Refusals(Ticker.system(), null),
                    Ticker.system());
            return new HttpGateway.Extension(Documents.of(List.of(page.documents())), null, CallGate.of(List.of(gate)));
        });
        open.add(gateway);
        gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
    }

    @AfterEach
    void close() throws Exception {
        client.shutdownNow();
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void withoutAKey_thereIsThePageThatAsksForOne_andNothingElse() throws Exception {
        HttpResponse<String> page = get("/dashboard/", "accept", "text/html");
        assertThat(page.statusCode()).isEqualTo(401);
        assertThat(page.headers().firstValue("www-authenticate")).hasValue("ApiKey realm=\"middleware\"");
        assertThat(page.headers().firstValue("cache-control")).hasValue("no-store");
        assertThat(page.body()).contains("key-field").doesNotContain("library-1", "gateway-1");
        assertThat(get("/dashboard/", "accept", "text/html", "x-api-key", "shop-key")
                        .statusCode())
                .isEqualTo(403);
        assertThat(get("/dashboard/", "accept", "text/html", "x-api-key", "ops-key")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/", "accept", "text/html").statusCode()).isEqualTo(302);
        for (String file : List.of("/dashboard/main.js", "/dashboard/style.css", "/dashboard/stream-worker.js")) {
            assertThat(get(file).statusCode()).as(file).isEqualTo(200);
        }
        for (String data : List.of(
                "/dashboard/", "/dashboard/events", "/dashboard/picture", "/dashboard/data", "/dashboard/faults")) {
            assertThat(get(data).statusCode()).as(data).isEqualTo(401);
            assertThat(get(data, "x-api-key", "shop-key").statusCode()).as(data).isEqualTo(403);
        }
    }

    @Test
    void page_asksForAKeyOnce_saysWhatIsWrong_andSendsItInAHeaderAlone() throws Exception {
        assumeTrue(Browser.program().isPresent(), Browser.MISSING);
        try (Browser browser = new Browser()) {
            browser.open(url("/dashboard/?lang=en"));
            browser.awaitText("#status", "waiting for a key");
            browser.awaitText("#key-said", "A key is needed.");
            assertThat(browser.evaluate("document.activeElement.id")).isEqualTo("key-field");
            assertThat(browser.violations()).as("violations").isEqualTo("[]");
            browser.click("#language");
            browser.awaitText("#key", "Quem é você?");
            browser.awaitText("#key-said", "É preciso uma chave.");
            browser.click("#language");

            enter(browser, "wrong-key");
            browser.awaitText("#key-said", "does not know this key");
            enter(browser, "shop-key");
            browser.awaitText("#key-said", "no rule allows it");
            assertThat(browser.violations()).as("violations after a refusal").isEqualTo("[]");
            assertThat(browser.evaluate("document.body.textContent")).doesNotContain("library-1");
            enter(browser, "ops-key");
            browser.awaitText("#status", "live");
            browser.awaitText("li.card", "library-1");
            assertThat(browser.evaluate("document.getElementById('key').hidden + ' ' + document.activeElement.id"))
                    .isEqualTo("true instances");
            assertThat(browser.violations()).as("violations with a key").isEqualTo("[]");

            browser.open(url("/dashboard/?lang=pt"));
            browser.awaitText("#status", "ao vivo");
            assertThat(browser.evaluate("String(document.getElementById('key').hidden)"))
                    .isEqualTo("true");

            assertThat(browser.complaints())
                    .allMatch(complaint -> complaint.contains("status of 401") || complaint.contains("status of 403"));
            assertThat(browser.requests())
                    .isNotEmpty()
                    .noneMatch(requested -> requested.contains("ops-key") || requested.contains("shop-key"));
        }
    }

    private static void enter(Browser browser, String key) {
        browser.type("#key-field", key);
        browser.click("#key button");
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url(path)));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String sha256(String key) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(US_ASCII)));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + gateway.port() + path;
    }
}
