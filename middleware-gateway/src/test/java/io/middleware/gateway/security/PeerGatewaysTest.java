package io.middleware.gateway.security;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.middleware.core.Ticker;
import io.middleware.core.instance.Pool;
import io.middleware.core.record.CallListener;
import io.middleware.gateway.StreamedLines;
import io.middleware.gateway.consul.RegistryLookup;
import io.middleware.gateway.dashboard.DashboardFixture;
import io.middleware.gateway.ingress.CallGate;
import io.middleware.gateway.ingress.http.document.Documents;
import io.middleware.gateway.ingress.http.serve.HttpGateway;
import io.middleware.gateway.library.LibraryServer;
import io.middleware.gateway.recorder.RecorderFixture;
import io.middleware.gateway.security.identity.ApiKeys;
import io.middleware.gateway.security.identity.Identities;
import io.middleware.gateway.security.rules.Admission;
import io.middleware.gateway.security.rules.Rules;
import io.middleware.gateway.tap.TapFixture;
import io.middleware.gateway.tls.CallerTls;
import io.middleware.gateway.tls.GatewayLinks;
import io.middleware.gateway.tls.TestBundles;
import io.middleware.starter.tls.PeerNames;
import io.middleware.testsupport.TestAuthority;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Two gateways with rules show what both of them know, to whom the rules let in. */
@ExtendWith(OutputCaptureExtension.class)
class PeerGatewaysTest {
    private static final String NGINX = "spiffe://middleware/nginx";
    private static final String GATEWAY = "spiffe://middleware/gateway";
    private static final String GET_BOOK = "/library.v1.Library/GetBook";
    private static final Rules RULES = Rules.parse("""
            rules:
              - callers: ["key:ops"]
                methods: [why, tap, dashboard]
                allow: true
              - callers: ["key:shop"]
                methods: ["library.v1.*"]
                allow: true
            """);

    private final List<RegistryLookup.Gateway> listed = new CopyOnWriteArrayList<>();
    private final RegistryLookup registry = new ListedGateways(listed);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final LibraryServer library = new LibraryServer(0, ProtoReflectionServiceV1.newInstance());
    private ApiKeys keys;
    private final List<HttpClient> clients = new ArrayList<>();
    private HttpClient client = HttpClient.newHttpClient();
    private String scheme = "http://";

    @BeforeEach
    void hash() throws Exception {
        open.add(library);
        clients.add(client);
        keys = ApiKeys.parse("ops: " + sha256("ops-key") + "\nshop: " + sha256("shop-key"));
    }

    @AfterEach
    void close() throws Exception {
        clients.forEach(HttpClient::shutdownNow);
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void withoutTls_eachDecidesForTheCaller_byTheCredentialThatIsPassedOn() throws Exception {
        gateway("gateway-1", GatewayLinks.PLAIN, null);
        gateway("gateway-2", GatewayLinks.PLAIN, null);

        bothAreShown();
    }

    @Test
    void withTls_theCertificateSaysThatAGatewayAsks() throws Exception {
        TestAuthority authority = new TestAuthority("Test CA");
        TestBundles bundles = new TestBundles(authority.issue(GATEWAY), authority);
        scheme = "https://";
        client = client(authority.issue(NGINX), bundles);
        GatewayLinks links = GatewayLinks.of(bundles.kept());
        CallerTls tls = new CallerTls(bundles.kept(), new PeerNames(List.of(NGINX, GATEWAY)));
        gateway("gateway-1", links, tls);
        gateway("gateway-2", links, tls);

        bothAreShown();

        client = client(authority.issue(GATEWAY), bundles);
        for (String shown : List.of("/dashboard/calls", "/dashboard/data", "/dashboard/replay?own")) {
            assertThat(get(0, shown).statusCode()).as(shown).isEqualTo(200);
        }
        for (String other : List.of("/openapi.json", "/api/", "/dashboard/faults")) {
            assertThat(get(0, other).statusCode()).as(other).isEqualTo(401);
        }
        assertThat(client.send(getBook(0).build(), BodyHandlers.ofString()).statusCode())
                .isEqualTo(401);
        client = client(authority.issue(NGINX), bundles);
        assertThat(get(0, "/dashboard/calls").statusCode()).isEqualTo(401);
    }

    @Test
    void withoutTls_aFalseGatewayInConsul_getsNoCredential_andThatIsSaid(CapturedOutput output) throws Exception {
        gateway("gateway-1", GatewayLinks.plain(List.of()), null);
        Map<String, String> credentials = falseGateway("gateway-2");

        HttpResponse<String> json = get(0, "/dashboard/calls", "x-api-key", "ops-key");
        assertThat(json.body()).contains("\"silent\":[],\"withheld\":[\"gateway-2\"]");
        assertThat(get(0, "/dashboard/calls?format=text", "x-api-key", "ops-key")
                        .body())
                .contains("gateway-2 was not sent your key or token");
        assertThat(get(0, "/dashboard/calls?format=text&lang=pt", "x-api-key", "ops-key")
                        .body())
                .contains("gateway-2 não recebeu a sua chave");
        assertThat(get(0, "/dashboard/calls/none", "x-api-key", "ops-key").body())
                .contains("not sent the caller's credentials", "gateway-2");
        assertThat(get(0, "/dashboard/replay", "x-api-key", "ops-key").body()).contains("\"withheld\":[\"gateway-2\"]");
        List<String> tap = stream("/dashboard/tap");
        List<String> events = stream("/dashboard/events");
        await().untilAsserted(() -> assertThat(events)
                .anyMatch(event -> event.contains("\"id\":\"gateway-2\",\"state\":\"withheld\""))
                .anyMatch(event -> event.contains("gateway-withheld")));
        await().untilAsserted(() -> assertThat(credentials)
                .containsKeys("/dashboard/calls", "/dashboard/replay", "/dashboard/data", "/dashboard/tap"));
        await().untilAsserted(() -> assertThat(tap).contains("{\"refused\":\"gateway-2\"}"));
        assertThat(credentials.values()).allMatch(String::isEmpty);
        assertThat(output)
                .containsOnlyOnce("credentials are not sent to the gateway that Consul has at " + hostName())
                .doesNotContain("ops-key");
    }

    @Test
    void withoutTls_aGatewayThatIsListedAsTrusted_getsThem() throws Exception {
        gateway("gateway-1", GatewayLinks.plain(List.of(hostName())), null);
        Map<String, String> credentials = falseGateway("gateway-2");

        assertThat(get(0, "/dashboard/calls", "x-api-key", "ops-key").body()).contains("\"withheld\":[]");
        assertThat(credentials).containsEntry("/dashboard/calls", "ops-key");
    }

    /** One that only Consul knows; by a name, as this machine's addresses are trusted. Returns what it got of keys, by path. */
    private Map<String, String> falseGateway(String id) throws Exception {
        Map<String, String> credentials = new ConcurrentHashMap<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(0), 0);
        server.createContext("/", exchange -> {
            String key = exchange.getRequestHeaders().getFirst("x-api-key");
            credentials.put(exchange.getRequestURI().getPath(), key == null ? "" : key);
            exchange.sendResponseHeaders(401, -1);
            exchange.close();
        });
        server.start();
        open.add(() -> server.stop(0));
        listed.add(
                new RegistryLookup.Gateway(id, hostName(), server.getAddress().getPort(), true));
        return credentials;
    }

    private static String hostName() throws UnknownHostException {
        String name = InetAddress.getLocalHost().getHostName();
        assumeTrue(name.chars().anyMatch(Character::isLetter) && !name.equals("localhost"), "this machine has no name");
        return name;
    }

    @Test
    void callersAreNamed_alsoOfRefusedCalls_andNoCredentialIsShown() throws Exception {
        gateway("gateway-1", GatewayLinks.PLAIN, null);
        List<String> json = stream("/dashboard/tap");
        List<String> ofShop = stream("/dashboard/tap?format=text&caller=key:shop");

        await().untilAsserted(() -> {
            book(0, "allowed");
            assertThat(json).anyMatch(line -> line.contains("allowed"));
            assertThat(ofShop).anyMatch(line -> line.contains("allowed"));
        });
        send(0, "denied", "x-api-key", "ops-key");
        send(0, "wrong", "x-api-key", "guessed-key");
        send(0, "anonymous");

        await().untilAsserted(() -> assertThat(json)
                .anyMatch(line -> line.contains("\"callId\":\"allowed\",\"caller\":\"key:shop\""))
                .anyMatch(line -> line.contains("\"callId\":\"denied\",\"caller\":\"key:ops\"")
                        && line.contains("\"code\":\"PERMISSION_DENIED\""))
                .anyMatch(line -> line.contains("\"callId\":\"wrong\",\"gateway\"")
                        && line.contains("\"code\":\"UNAUTHENTICATED\""))
                .anyMatch(line -> line.contains("\"callId\":\"anonymous\",\"gateway\"")));
        assertThat(ofShop).allMatch(line -> line.contains("  key:shop  gateway-1  allowed"));
        String list =
                get(0, "/dashboard/calls?format=text", "x-api-key", "ops-key").body();
        assertThat(list).contains("  key:shop", "  key:ops", "denied", "wrong", "anonymous", "refused");
        String allowed = why("allowed");
        assertThat(allowed).contains("The caller proved to be key:shop.", "\"caller\":\"key:shop\"");
        assertThat(why("denied"))
                .contains("The caller proved to be key:ops.", "key:ops may not call")
                .doesNotContain("No registered service");
        assertThat(why("wrong")).contains("UNAUTHENTICATED").doesNotContain("\"caller\"");
        assertThat(json + list + allowed + why("denied") + why("wrong"))
                .doesNotContain("ops-key", "shop-key", "guessed-key");
    }

    private String why(String callId) throws Exception {
        return get(0, "/dashboard/calls/" + callId, "x-api-key", "ops-key").body();
    }

    private void bothAreShown() throws Exception {
        for (String path : List.of("/dashboard/calls", "/dashboard/tap", "/dashboard/events")) {
            assertThat(get(0, path).statusCode()).as(path).isEqualTo(401);
            assertThat(get(0, path, "x-api-key", "shop-key").statusCode())
                    .as(path)
                    .isEqualTo(403);
        }
        List<String> tap = stream("/dashboard/tap");
        List<String> events = stream("/dashboard/events");
        await().untilAsserted(() -> {
            book(0, "from-one");
            book(1, "from-two");
            assertThat(tap).anyMatch(line -> line.contains("from-one")).anyMatch(line -> line.contains("from-two"));
        });
        await().untilAsserted(() -> assertThat(events).isNotEmpty());
        await().untilAsserted(() -> assertThat(events.getLast()).contains("gateway-1", "gateway-2"));
        assertThat(events).noneMatch(event -> event.contains("gateway-silent"));

        String list = get(0, "/dashboard/calls", "x-api-key", "ops-key").body();
        assertThat(list).contains("from-one", "from-two", "\"silent\":[]");
        String story = get(0, "/dashboard/calls/from-two?format=text", "x-api-key", "ops-key")
                .body();
        assertThat(story).contains("gateway-2").doesNotContain("ops-key", "shop-key");
        assertThat(get(1, "/dashboard/replay", "x-api-key", "ops-key").body()).contains("\"silent\":[]");
    }

    private void gateway(String id, GatewayLinks links, CallerTls tls) {
        TapFixture tap = TapFixture.of(id, registry, links);
        HttpGateway gateway = new HttpGateway(parts -> {
            RecorderFixture recorder = RecorderFixture.of(id, registry, links, parts.loops());
            DashboardFixture dashboard = DashboardFixture.of(id, registry, links, parts);
            open.add(dashboard.dashboard());
            CallListener listener = CallListener.of(List.of(tap.listener(), recorder.listener()));
            Gatekeeper gate = new Gatekeeper(
                    new Identities(() -> keys, null, null),
                    () -> RULES,
                    Admission.UNLIMITED,
                    new PeerGateways(List.of(GATEWAY)),
                    new Refusals(Ticker.system(), listener),
                    Ticker.system());
            return new HttpGateway.Extension(
                    Documents.of(List.of(recorder.documents(), tap.documents(), dashboard.documents())),
                    listener,
                    CallGate.of(List.of(gate)),
                    tls);
        });
        open.add(gateway);
        gateway.register("library-1", library.port(), Pool.PRIMARY, LibraryServer.GRPC_SERVICE);
        await().until(gateway.schemas()::settled);
        listed.add(new RegistryLookup.Gateway(id, "127.0.0.1", gateway.port(), true));
    }

    private void book(int gateway, String callId) throws Exception {
        assertThat(send(gateway, callId, "x-api-key", "shop-key")).isEqualTo(200);
    }

    private int send(int gateway, String callId, String... credential) throws Exception {
        HttpRequest request =
                getBook(gateway, credential).header("x-call-id", callId).build();
        return client.send(request, BodyHandlers.ofString()).statusCode();
    }

    private HttpRequest.Builder getBook(int gateway, String... headers) {
        return request(gateway, GET_BOOK, headers)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"x\"}"));
    }

    private List<String> stream(String path) throws Exception {
        HttpResponse<Stream<String>> response =
                client.send(request(0, path, "x-api-key", "ops-key").build(), BodyHandlers.ofLines());
        assertThat(response.statusCode()).isEqualTo(200);
        List<String> lines = new CopyOnWriteArrayList<>();
        StreamedLines.read(response.body(), line -> {
            if (!line.isEmpty()) {
                lines.add(line);
            }
        });
        return lines;
    }

    private HttpResponse<String> get(int gateway, String path, String... headers) throws Exception {
        return client.send(request(gateway, path, headers).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(int gateway, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create(scheme + "127.0.0.1:" + listed.get(gateway).port() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    private HttpClient client(X509Bundle own, TestBundles trust) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(
                own.toKeyManagerFactory().getKeyManagers(),
                new TrustManager[] {trust.kept().trust(new PeerNames(List.of(GATEWAY)))},
                null);
        HttpClient made = HttpClient.newBuilder().sslContext(context).build();
        clients.add(made);
        return made;
    }

    private static String sha256(String key) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(US_ASCII)));
    }
}
