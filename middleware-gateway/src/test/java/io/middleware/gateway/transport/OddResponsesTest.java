package io.middleware.gateway.transport;

import static io.middleware.core.MethodTraits.Idempotency.NO_SIDE_EFFECTS;
import static io.middleware.core.MethodTraits.Idempotency.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.core.MethodTraits;
import io.middleware.core.instance.Pool;
import io.middleware.gateway.GatewayHarness;
import io.middleware.gateway.RawHttp2Peer;
import io.middleware.gateway.RawHttp2Peer.Response;
import io.middleware.gateway.RawHttp2Server;
import io.middleware.gateway.headers.GrpcHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that send what no gRPC server would, and what the caller gets of it, frame by frame. */
@Timeout(60)
@Tag("slow")
class OddResponsesTest {
    private static final String UNMARKED = "/" + GatewayHarness.SERVICE + "/SayHelloTogether";
    private static final String MARKED = "/" + GatewayHarness.SERVICE + "/SayHello";
    private static final String[] HEAD = {":status", "200", "content-type", "application/grpc"};
    private static final byte[] MESSAGE = new byte[5];

    private final GatewayHarness gateway = GatewayHarness.withoutHedges();
    private final List<RawHttp2Server> servers = new ArrayList<>();
    private RawHttp2Peer caller;
    private int nextStream = 1;

    @AfterEach
    void stop() throws IOException {
        if (caller != null) {
            caller.close();
        }
        gateway.close();
        for (RawHttp2Server server : servers) {
            server.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "200, text/html, 2",
        "200, '', 2",
        "200, application/grpc-web, 2",
        "204, text/html, 2",
        "302, text/html, 2",
        "400, text/html, 13",
        "401, text/html, 16",
        "403, text/html, 7",
        "404, text/plain, 12",
        "418, text/html, 2",
        "429, text/html, 14",
        "431, text/html, 2",
        "500, text/html, 2",
        "502, text/html, 14",
        "503, text/html, 14",
        "504, text/html, 14",
        "500, application/grpc, 2",
        "999, text/html, 2",
        "abc, text/html, 2",
        "'', text/html, 2"
    })
    void whatIsNoGrpc_becomesAStatus_andIsNotPassedOn(String status, String type, String code) throws IOException {
        for (boolean withBody : new boolean[] {true, false}) {
            server("one", (connection, stream) -> {
                connection.headers(stream, !withBody, ":status", status, "content-type", type, "set-cookie", "a=b");
                if (withBody) {
                    connection.data(stream, true, "<html>Log in</html>".getBytes(StandardCharsets.UTF_8));
                }
            });
            Response response = call(UNMARKED);
            assertTrailersOnly(response, code);
            assertThat(response.get("grpc-message"))
                    .contains("HTTP status " + status)
                    .contains("no gRPC");
            assertThat(response.get("set-cookie")).isNull();
        }
    }

    @Test
    void whatIsNoGrpc_isAskedForNoLonger_whereAnotherServerIs() throws IOException {
        RawHttp2Server stranger = server("stranger", (connection, stream) -> {
            connection.headers(stream, false, ":status", "200", "content-type", "text/html");
            connection.data(stream, true, "<html>Log in</html>".getBytes(StandardCharsets.UTF_8));
        });
        server("one", OddResponsesTest::respond);

        // the balancer avoids who fails, so how many calls it takes is chance
        for (int i = 0; i < 1_000 && !gateway.instance("stranger").ejected(); i++) {
            assertThat(call(MARKED).get("grpc-status")).isEqualTo("0");
        }
        assertThat(gateway.instance("stranger").ejected()).isTrue();
        assertThat(stranger.seen).hasSizeLessThan(20);
    }

    @Test
    void responsesToWrongRequests_countAgainstNobody() throws IOException {
        server(
                "one",
                (connection, stream) ->
                        connection.headers(stream, true, ":status", "401", "content-type", "text/html"));
        for (int i = 0; i < 30; i++) {
            assertThat(call(MARKED).get("grpc-status")).isEqualTo("16");
        }
        assertThat(gateway.instance("one").ejected()).isFalse();
    }

    @Test
    void responseWithoutAStatus_isUnknown() throws IOException {
        server("one", (connection, stream) -> connection.headers(stream, true, HEAD));
        assertTrailersOnly(call(UNMARKED), "2");
        server("one", (connection, stream) -> {
            connection.headers(stream, false, HEAD);
            connection.data(stream, true, MESSAGE);
        });
        assertThat(call(UNMARKED).get("grpc-status")).isEqualTo("2");
        server("one", (connection, stream) -> {
            connection.headers(stream, false, HEAD);
            connection.headers(stream, true, "x-a", "1");
        });
        assertThat(call(UNMARKED)).satisfies(response -> {
            assertThat(response.get("grpc-status")).isEqualTo("2");
            assertThat(response.get("grpc-message")).contains("without a grpc-status");
        });
    }

    @Test
    void dataBeforeHeaders_isInternal() throws IOException {
        server("one", (connection, stream) -> connection.data(stream, false, MESSAGE));
        Response response = call(UNMARKED);
        assertTrailersOnly(response, "13");
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "00000000, middle of a message",
        "0000000001, middle of a message",
        "01000000010f, grpc-encoding",
        "3c68746d6c3e, no message",
        "000000000001, grpc-encoding"
    })
    void bytesThatAreNoWholeMessages_areInternal(String hex, String reason) throws IOException {
        RawHttp2Server.Script script = (connection, stream) -> {
            connection.headers(stream, false, HEAD);
            connection.data(stream, false, HexFormat.of().parseHex(hex));
            connection.headers(stream, true, "grpc-status", "0");
        };
        server("one", script);
        Response response = call(UNMARKED);
        assertThat(response.get("grpc-status")).isEqualTo("13");
        assertThat(response.get("grpc-message")).contains(reason);
    }

    @Test
    void errorInTheMiddleOfAMessage_isTheServers() throws IOException {
        server("one", (connection, stream) -> {
            connection.headers(stream, false, HEAD);
            connection.data(stream, false, (byte) 0);
            connection.headers(stream, true, "grpc-status", "5", "grpc-message", "none");
        });
        assertThat(call(UNMARKED).get("grpc-message")).isEqualTo("none");
    }

    @ParameterizedTest
    @CsvSource({"abc, 2", "'', 2", "-1, 2", "1.0, 2", "\u00e9, 2", "'a\tb', 2", "42, 42", "0, 0", "5, 5"})
    void statusThatIsNoNumber_isUnknown(String status, String code) throws IOException {
        server("one", (connection, stream) -> {
            connection.headers(stream, false, HEAD);
            connection.data(stream, false, MESSAGE);
            connection.headers(stream, true, "grpc-status", status);
        });
        assertThat(call(UNMARKED).get("grpc-status")).isEqualTo(code);
    }

    @Test
    void trailersOnly_becomesWellFormed() throws IOException {
        server(
                "one",
                (connection, stream) -> connection.headers(
                        stream,
                        true,
                        ":status",
                        "415",
                        "content-type",
                        "text/plain",
                        "grpc-status",
                        "9",
                        "grpc-message",
                        "no"));
        assertTrailersOnly(call(UNMARKED), "9");
    }

    @Test
    void headersThatAreNoMetadata_areLeftOut_andTheOthersPass() throws IOException {
        String[] odd = {
            "X-Upper",
            "1",
            "x y",
            "1",
            "",
            "1",
            "x!y",
            "1",
            "connection",
            "close",
            "proxy-connection",
            "close",
            "keep-alive",
            "1",
            "transfer-encoding",
            "chunked",
            "upgrade",
            "h2c",
            "x-lines",
            "a\r\nb: c",
            "x-zero",
            "\u0000",
            "x-latin",
            "\u00e9",
            "x-tab",
            "a\tb",
            "x-a-bin",
            "***",
            ":path",
            "/",
            ":odd",
            "1"
        };
        String[] fine = {"x-plain", "a", "x-plain", "b", "x-spaces", " c ", "x-empty", "", "x-b-bin", "-_8=,YQ"};
        server("one", (connection, stream) -> {
            connection.headers(stream, false, join(HEAD, fine, odd));
            connection.data(stream, false, MESSAGE);
            connection.headers(stream, true, join(new String[] {"grpc-status", "0", ":status", "200"}, odd, fine));
        });

        Response response = call(UNMARKED);

        assertThat(response.body()).isEqualTo(MESSAGE);
        assertThat(names(response.headers().getFirst()))
                .containsExactlyInAnyOrder(
                        ":status",
                        "content-type",
                        "x-plain",
                        "x-spaces",
                        "x-empty",
                        "x-b-bin",
                        "middleware-attempts",
                        "middleware-gateway",
                        "middleware-instance");
        assertThat(names(response.headers().getLast()))
                .containsExactlyInAnyOrder("grpc-status", "x-plain", "x-spaces", "x-empty", "x-b-bin");
        assertThat(response.headers()).allSatisfy(headers -> {
            assertThat(headers.getAll("x-plain")).map(CharSequence::toString).containsExactly("a", "b");
            assertThat(headers.get("x-spaces")).hasToString("c");
            assertThat(headers.getAll("x-b-bin")).map(CharSequence::toString).containsExactly("+/8", "YQ");
        });
    }

    @ParameterizedTest
    @CsvSource({"na\u00c3\u00afve 50%, na%C3%AFve 50%", "'a\tb', a%09b", "plain, plain", "%41, %41"})
    void messageThatIsNotEncoded_isEncoded(String sent, String received) throws IOException {
        server(
                "one",
                (connection, stream) -> connection.headers(
                        stream, true, join(HEAD, new String[] {"grpc-status", "5", "grpc-message", sent})));
        assertThat(call(UNMARKED).get("grpc-message")).isEqualTo(received);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 13", "1, 13", "2, 13", "3, 13", "4, 13", "6, 13", "7, 14", "8, 1", "9, 13", "10, 13", "11, 8", "12, 7",
        "13, 13", "99, 13"
    })
    void resets_haveTheCodesThatGrpcGivesThem(int error, String code) throws IOException {
        server("one", (connection, stream) -> connection.reset(stream, error));
        assertThat(call(UNMARKED).get("grpc-status")).isEqualTo(code);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 11})
    void resets_ofAnIdempotentCall_areRetriedElsewhere(int error) throws IOException {
        server("one", (connection, stream) -> connection.reset(stream, error));
        server("two", OddResponsesTest::respond);
        for (int i = 0; i < 4; i++) {
            assertThat(call(MARKED).get("grpc-status")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 6, 9})
    void resets_thatBlameTheRequest_endIt_andCountAgainstNobody(int error) throws IOException {
        RawHttp2Server.Script resetting = (connection, stream) -> connection.reset(stream, error);
        RawHttp2Server one = server("one", resetting);
        RawHttp2Server two = server("two", resetting);
        for (int i = 0; i < 30; i++) {
            Response response = call(MARKED);
            assertThat(response.get("grpc-status")).isEqualTo("13");
            assertThat(response.get("middleware-attempts")).isEqualTo("1");
        }
        assertThat(one.seen.size() + two.seen.size()).isEqualTo(30);
        assertThat(gateway.instance("one").ejected() || gateway.instance("two").ejected())
                .isFalse();
    }

    /** What a server ends its connection for can be any of the calls on it. */
    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "6, true", "9, false"})
    void connectionThatIsEndedForARequest_costsTwoConnectionsAtMost(int error, boolean executed) throws IOException {
        AtomicInteger ended = new AtomicInteger();
        RawHttp2Server.Script ending = (connection, stream) -> {
            ended.incrementAndGet();
            connection.goAway(executed ? stream : 0, error);
            connection.finish();
        };
        for (String id : List.of("one", "two", "three", "four")) {
            server(id, ending);
        }

        assertThat(call(MARKED).get("grpc-status")).isEqualTo("14");

        assertThat(ended).hasValue(2);
        assertThat(List.of("one", "two", "three", "four"))
                .noneMatch(id -> gateway.instance(id).ejected());
    }

    /** The strangers were sent first, to the one server that there was. */
    @Test
    void strangersOnAConnectionThatIsEndedForARequest_moveOn() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        server("one", (connection, stream) -> {
            if (calls.incrementAndGet() == 3) {
                connection.reset(stream, 1);
                connection.goAway(stream, 1);
                connection.finish();
            } else if (calls.get() > 3) {
                respond(connection, stream);
            }
        });
        List<Integer> sent = List.of(send(MARKED), send(MARKED), send(MARKED));

        List<String> codes = new ArrayList<>();
        caller.responses(sent).forEach(response -> codes.add(response.get("grpc-status")));

        assertThat(codes).containsExactlyInAnyOrder("0", "0", "13");
    }

    @Test
    void authority_ofAnIpv6Address_isInBrackets() throws IOException {
        assertThat(GrpcHeaders.authority("::1", 50061)).isEqualTo("[::1]:50061");
        assertThat(GrpcHeaders.authority("fe80::1%eth0", 1)).isEqualTo("[fe80::1]:1");
        assertThat(GrpcHeaders.authority("10.0.0.1", 80)).isEqualTo("10.0.0.1:80");
        assertThat(GrpcHeaders.authority("host", 80)).isEqualTo("host:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "9999", "abc", "-1"})
    void lengthThatIsWrong_isInternal(String length) throws IOException {
        assertMalformed((connection, stream) -> {
            connection.headers(stream, false, join(HEAD, new String[] {"content-length", length}));
            connection.data(stream, false, MESSAGE);
            connection.headers(stream, true, "grpc-status", "0");
        });
    }

    @Test
    void secondHeadersThatAreNoTrailers_areInternal() throws IOException {
        assertMalformed((connection, stream) -> {
            connection.headers(stream, false, HEAD);
            connection.headers(stream, false, "x-more", "1");
            connection.headers(stream, true, "grpc-status", "0");
        });
    }

    private void assertMalformed(RawHttp2Server.Script script) throws IOException {
        server("one", script);
        Response response = call(UNMARKED);
        assertThat(response.get("grpc-status")).isEqualTo("13");
        assertThat(response.get("grpc-message")).contains("malformed HTTP/2");
        server("one", OddResponsesTest::respond);
        assertThat(call(UNMARKED).get("grpc-status")).isEqualTo("0");
    }

    @Test
    void malformedResponses_countAgainstTheirServer_andIdempotentCallsMoveOn() throws IOException {
        RawHttp2Server odd = server(
                "odd",
                (connection, stream) ->
                        connection.headers(stream, false, join(HEAD, new String[] {"content-length", "abc"})));
        server("one", OddResponsesTest::respond);
        for (int i = 0; i < 100 && !gateway.instance("odd").ejected(); i++) {
            assertThat(call(MARKED).get("grpc-status")).isEqualTo("0");
        }
        // it answers probes, so it does not stay ejected
        assertThat(gateway.instance("odd").ejected()).isTrue();
        assertThat(odd.seen).isNotEmpty().hasSizeLessThan(20);
    }

    @Test
    void headersThatAreTheGatewaysOrTheEnds_areLeftOut() throws IOException {
        String[] ours = {"middleware-gateway", "no", "middleware-attempts", "99", "middleware-anything", "1"};
        server("one", (connection, stream) -> {
            connection.headers(stream, false, join(HEAD, ours, new String[] {
                "content-type",
                "text/html",
                "grpc-encoding",
                "identity",
                "grpc-encoding",
                "gzip",
                "grpc-status",
                "5",
                "grpc-message",
                "stray",
                "middlewares",
                "fine"
            }));
            connection.data(stream, false, MESSAGE);
            connection.headers(
                    stream,
                    true,
                    join(
                            new String[] {
                                "grpc-status", "0", "grpc-status", "9", "grpc-message", "end", "grpc-message", "no"
                            },
                            ours));
        });

        Response response = call(UNMARKED);

        Http2Headers leading = response.headers().getFirst();
        assertThat(names(leading))
                .containsExactlyInAnyOrder(
                        ":status",
                        "content-type",
                        "grpc-encoding",
                        "middlewares",
                        "middleware-attempts",
                        "middleware-gateway",
                        "middleware-instance");
        assertThat(leading.getAll("content-type")).map(CharSequence::toString).containsExactly("application/grpc");
        assertThat(leading.getAll("grpc-encoding")).map(CharSequence::toString).containsExactly("identity");
        assertThat(leading.getAll("middleware-attempts"))
                .map(CharSequence::toString)
                .containsExactly("1");
        Http2Headers trailing = response.headers().getLast();
        assertThat(names(trailing)).containsExactlyInAnyOrder("grpc-status", "grpc-message");
        assertThat(trailing.getAll("grpc-status")).map(CharSequence::toString).containsExactly("0");
        assertThat(trailing.getAll("grpc-message")).map(CharSequence::toString).containsExactly("end");
    }

    @Test
    void headersThatAreTheGateways_areLeftOutOfAnErrorToo() throws IOException {
        server(
                "one",
                (connection, stream) -> connection.headers(stream, true, join(HEAD, new String[] {
                    "content-type", "text/html", "middleware-anything", "1", "grpc-status", "5", "grpc-message", "none"
                })));

        Response response = call(UNMARKED);

        assertTrailersOnly(response, "5");
        assertThat(response.get("grpc-message")).isEqualTo("none");
        assertThat(response.headers().getFirst().getAll("content-type")).hasSize(1);
        assertThat(response.get("middleware-anything")).isNull();
    }

    @Test
    void settingsOfAnUpgrade_areNotPassedOn() throws IOException {
        RawHttp2Server one = server("one", OddResponsesTest::respond);
        assertThat(call(UNMARKED, "http2-settings", "AAMAAABkAAQAAP__", "x-plain", "a")
                        .get("grpc-status"))
                .isEqualTo("0");
        assertThat(one.seen).singleElement().satisfies(seen -> {
            assertThat(seen.contains("http2-settings")).isFalse();
            assertThat(seen.get("x-plain")).hasToString("a");
        });
    }

    @Test
    void server_getsTrailersAsTe_andOneAuthority() throws IOException {
        RawHttp2Server one = server("one", OddResponsesTest::respond);
        connect();
        caller.headers(
                1,
                true,
                ":method",
                "POST",
                ":scheme",
                "https",
                ":path",
                MARKED,
                "content-type",
                "application/grpc",
                "host",
                "a:1");
        assertThat(caller.response(1).get("grpc-status")).isEqualTo("0");
        assertThat(one.seen).singleElement().satisfies(seen -> {
            assertThat(seen.get("te")).hasToString("trailers");
            assertThat(seen.authority()).hasToString("a:1");
            assertThat(seen.scheme()).hasToString("http");
            assertThat(seen.contains("host")).isFalse();
        });
    }

    private static void respond(RawHttp2Peer connection, int stream) {
        connection.headers(stream, false, HEAD);
        connection.data(stream, false, MESSAGE);
        connection.headers(stream, true, "grpc-status", "0");
    }

    private RawHttp2Server server(String id, RawHttp2Server.Script script) throws IOException {
        RawHttp2Server server = new RawHttp2Server(InetAddress.getLoopbackAddress(), script);
        servers.add(server);
        gateway.register(id, server.port(), Pool.PRIMARY, GatewayHarness.SERVICE);
        gateway.directory()
                .serviceOf(GatewayHarness.SERVICE)
                .describe(Map.of(
                        MARKED, new MethodTraits(true, NO_SIDE_EFFECTS), UNMARKED, new MethodTraits(true, UNKNOWN)));
        return server;
    }

    private void connect() throws IOException {
        if (caller == null) {
            caller = RawHttp2Peer.client(gateway.server().port());
        }
    }

    private Response call(String path, String... more) throws IOException {
        int stream = send(path, more);
        return caller.response(stream);
    }

    private int send(String path, String... more) throws IOException {
        connect();
        int stream = nextStream;
        nextStream += 2;
        caller.headers(
                stream,
                false,
                join(
                        new String[] {
                            ":method",
                            "POST",
                            ":scheme",
                            "http",
                            ":path",
                            path,
                            ":authority",
                            "a",
                            "content-type",
                            "application/grpc",
                            "te",
                            "trailers"
                        },
                        more));
        caller.data(stream, true, MESSAGE);
        return stream;
    }

    private static void assertTrailersOnly(Response response, String code) {
        assertThat(response.headers()).hasSize(1);
        assertThat(response.get("grpc-status")).isEqualTo(code);
        assertThat(response.get(":status")).isEqualTo("200");
        assertThat(response.get("content-type")).isEqualTo("application/grpc");
        assertThat(response.body()).isEmpty();
    }

    private static List<String> names(Http2Headers headers) {
        return headers.names().stream().map(CharSequence::toString).toList();
    }

    private static String[] join(String[]... parts) {
        List<String> all = new ArrayList<>();
        for (String[] part : parts) {
            all.addAll(List.of(part));
        }
        return all.toArray(String[]::new);
    }
}
