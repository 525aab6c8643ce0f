package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.middleware.core.StickyRules;
import io.middleware.core.instance.Pool;
import io.middleware.core.instance.Registration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class RegistrationsTest {
    private static final String GOOD = """
            {"Node": {"Node": "n1", "Address": "10.0.0.9"},
             "Service": {"ID": "a-1", "Service": "a", "Address": "10.0.0.1", "Port": 21001, "Tags": ["middleware", "primary"],
                         "Meta": {"grpc-services-1": "a.v1.A"}, "Weights": {"Passing": 3, "Warning": 2},
                         "CreateIndex": 11, "ModifyIndex": 12},
             "Checks": [{"CheckID": "serfHealth", "Status": "passing", "ModifyIndex": 5},
                        {"CheckID": "service:a-1", "Status": "passing", "ModifyIndex": 17}]}""";

    private final Registrations registrations = new Registrations("a");

    @Test
    void entry_isReadWhole() throws Exception {
        assertThat(read(GOOD))
                .containsExactly(new Registration(
                        "a-1",
                        "n1",
                        "10.0.0.1",
                        21001,
                        Pool.PRIMARY,
                        3,
                        List.of("a.v1.A"),
                        false,
                        Registration.Status.PASSING,
                        11,
                        17));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"middleware\", \"primary\"', PRIMARY",
        "'\"middleware\", \"secondary\"', SECONDARY",
        "'\"middleware\"', PRIMARY",
        "'\" Middleware\", \"SECONDARY\"', SECONDARY",
        "'\"middleware\", \"primary\", \"secondary\"', SECONDARY"
    })
    void pool_isATag(String tags, Pool pool) throws Exception {
        assertThat(read(GOOD.replace("\"middleware\", \"primary\"", tags)))
                .extracting(Registration::pool)
                .containsExactly(pool);
    }

    @Test
    void withoutTheTag_isNoInstance(CapturedOutput output) throws Exception {
        assertThat(read(GOOD.replace("\"middleware\", ", ""))).isEmpty();
        assertThat(read(GOOD.replace("[\"middleware\", \"primary\"]", "null"))).isEmpty();
        assertThat(output).doesNotContain("left out");
    }

    @Test
    void grpcServices_areReadOverAllValues() throws Exception {
        String meta = """
                "grpc-services-1": "a.v1.A, a.v1.B,", "grpc-services-2": "a.v2.A,grpc.health.v1.Health",
                "grpc-services-4": "no.More\"""";
        assertThat(read(GOOD.replace("\"grpc-services-1\": \"a.v1.A\"", meta))
                        .getFirst()
                        .grpcServices())
                .containsExactly("a.v1.A", "a.v1.B", "a.v2.A");
    }

    @Test
    void idempotencyKeys_areMeta() throws Exception {
        assertThat(read(GOOD.replace("\"Meta\": {", "\"Meta\": {\"idempotency-keys\": \"true\", "))
                        .getFirst()
                        .idempotencyKeys())
                .isTrue();
    }

    @Test
    void stickyRules_areMeta_andAWrongOneIsSaid() throws Exception {
        assertThat(read(GOOD.replace("\"Meta\": {", "\"Meta\": {\"sticky\": \"a.v1.A=field:name, caller\", "))
                        .getFirst()
                        .sticky())
                .isEqualTo(StickyRules.parse("a.v1.A=field:name, caller"));
        assertThat(read(GOOD).getFirst().sticky()).isEqualTo(StickyRules.NONE);
        assertThat(read(GOOD.replace("\"Meta\": {", "\"Meta\": {\"sticky\": \"cookie:x\", ")))
                .isEmpty();
    }

    @Test
    void address_fallsBackToTheNodes() throws Exception {
        assertThat(read(GOOD.replace("10.0.0.1", "")).getFirst().host()).isEqualTo("10.0.0.9");
    }

    @Test
    void weights_areOneWhereConsulSaysNone() throws Exception {
        assertThat(read(GOOD.replace("{\"Passing\": 3, \"Warning\": 2}", "null"))
                        .getFirst()
                        .weight())
                .isEqualTo(1);
    }

    @Test
    void criticalCheck_isNotPassing() throws Exception {
        assertThat(read(GOOD.replace("\"Status\": \"passing\", \"ModifyIndex\": 17", "\"Status\": \"critical\""))
                        .getFirst()
                        .passing())
                .isFalse();
    }

    @Test
    void criticalNode_isNotPassing() throws Exception {
        assertThat(read(GOOD.replace("\"Status\": \"passing\", \"ModifyIndex\": 5", "\"Status\": \"critical\""))
                        .getFirst()
                        .passing())
                .isFalse();
    }

    @Test
    void warningCheck_passesWithItsOwnWeight() throws Exception {
        Registration warned = read(GOOD.replace(
                        "\"Status\": \"passing\", \"ModifyIndex\": 17", "\"Status\": \"warning\""))
                .getFirst();
        assertThat(warned.passing()).isTrue();
        assertThat(warned.weight()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"_node_maintenance", "_service_maintenance:a-1"})
    void maintenance_comesBeforeWhatChecksSay(String check) throws Exception {
        String inMaintenance =
                GOOD.replace("serfHealth\", \"Status\": \"passing", check + "\", \"Status\": \"critical");
        assertThat(read(inMaintenance))
                .extracting(Registration::status)
                .containsExactly(Registration.Status.MAINTENANCE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connect-proxy",
                "mesh-gateway",
                "ingress-gateway",
                "terminating-gateway",
                "api-gateway",
                "new-kind"
            })
    void entryOfAKind_isNoInstance(String kind, CapturedOutput output) throws Exception {
        assertThat(read(ofKind(kind), ofKind("").replace("a-1", "a-2")))
                .extracting(Registration::id)
                .containsExactly("a-2");
        assertThat(output).doesNotContain("left out");
    }

    private static String ofKind(String kind) {
        return GOOD.replace("\"Service\": {", "\"Service\": {\"Kind\": \"" + kind + "\", ");
    }

    @ParameterizedTest
    @CsvSource({
        "::1, ::1",
        "[::1], ::1",
        "[2001:db8::7], 2001:db8::7",
        "' 10.0.0.1 ', 10.0.0.1",
        "a-host.example, a-host.example"
    })
    void address_isRead(String registered, String host) throws Exception {
        assertThat(read(GOOD.replace("10.0.0.1", registered)))
                .extracting(Registration::host)
                .containsExactly(host);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1:21001", "http://a-host", "[::1]:21001", "a host", "user@a-host"})
    void addressThatIsNone_isLeftOut(String registered, CapturedOutput output) throws Exception {
        assertThat(read(GOOD.replace("10.0.0.1", registered))).isEmpty();
        assertThat(output)
                .containsOnlyOnce("a-1 of a is left out: address " + registered
                        + " (expected: an IP address or the name of a host, without a port)");
    }

    @Test
    void listOfGrpcServices_mayHaveSpacesAndRepetitions() throws Exception {
        assertThat(read(GOOD.replace("a.v1.A", " a.v1.A , a.v1.B a.v1.A ,, ")))
                .extracting(Registration::grpcServices)
                .containsExactly(List.of("a.v1.A", "a.v1.B"));
    }

    @Test
    void longListOfGrpcServices_isReadWhole() throws Exception {
        List<String> names =
                IntStream.range(0, 300).mapToObj(i -> "a.v" + i + ".A").toList();
        List<String> values = IntStream.range(0, 30)
                .mapToObj(i -> "\"grpc-services-" + (i + 1) + "\": \""
                        + String.join(",", names.subList(10 * i, 10 * i + 10)) + "\"")
                .toList();
        assertThat(read(GOOD.replace("\"grpc-services-1\": \"a.v1.A\"", String.join(",", values))))
                .extracting(Registration::grpcServices)
                .containsExactly(names);
    }

    @Test
    void weightOfNothing_isKept() throws Exception {
        assertThat(read(GOOD.replace("\"Passing\": 3", "\"Passing\": 0")))
                .extracting(Registration::weight)
                .containsExactly(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "21001                          | 0              | port 0 (expected: 1 to 65535)",
                "21001                          | 65536          | port 65536 (expected: 1 to 65535)",
                "21001                          | '\"many\"'     | its entry cannot be read",
                "'\"Passing\": 3'              | '\"Passing\": -1' | weight -1 (expected: 0 or more)",
                "grpc-services-1                | services       | no gRPC service in its meta (expected: grpc-services-1",
                "'\"Address\": \"10.0.0.'       | '\"Somewhere\": \"' | no address (expected: its own or its node's)"
            })
    void malformedEntry_isLeftOutWithOneWarning(String what, String instead, String warning, CapturedOutput output)
            throws Exception {
        String bad = GOOD.replace(what, instead);
        String other = GOOD.replace("a-1", "a-2");

        assertThat(read(bad, other)).extracting(Registration::id).containsExactly("a-2");
        assertThat(read(bad, other)).hasSize(1);

        assertThat(output).containsOnlyOnce("a-1 of a is left out: " + warning);
    }

    @Test
    void entryWithoutIdOrStatus_harmsNoOther(CapturedOutput output) throws Exception {
        assertThat(read(GOOD.replace("\"ID\": \"a-1\"", "\"ID\": null"), GOOD.replace("\"Status\": \"passing\",", "")))
                .hasSize(1);
        assertThat(output).containsOnlyOnce("an instance of a is left out: no id");
    }

    @Test
    void malformedEntry_isReportedAgainAfterItWasGood(CapturedOutput output) throws Exception {
        read(GOOD.replace("21001", "0"));
        read(GOOD);
        read(GOOD.replace("21001", "0"));

        assertThat(output.getAll().split("a-1 of a is left out", -1)).hasSize(3);
    }

    @Test
    void idOfTwoNodes_isTwoInstances(CapturedOutput output) throws Exception {
        String other = GOOD.replace("10.0.0.1", "10.0.0.2").replace("\"n1\"", "\"n2\"");
        assertThat(read(GOOD, other))
                .extracting(Registration::node, Registration::host)
                .containsExactly(tuple("n1", "10.0.0.1"), tuple("n2", "10.0.0.2"));
        assertThat(output).doesNotContain("left out");
    }

    @Test
    void idOfALostAgent_countsWhereItPasses(CapturedOutput output) throws Exception {
        String left = GOOD.replace("passing\", \"ModifyIndex\": 5", "critical\", \"ModifyIndex\": 30");

        assertThat(read(left, GOOD)).containsExactlyElementsOf(read(GOOD));
        assertThat(read(GOOD, left)).containsExactlyElementsOf(read(GOOD));
        assertThat(output).doesNotContain("left out");
    }

    @Test
    void idThatPassesNowhere_countsAsSaidLast() throws Exception {
        String left = GOOD.replace("passing\", \"ModifyIndex\": 5", "critical\", \"ModifyIndex\": 30");
        String later = left.replace("\"n1\"", "\"n2\"").replace("\"ModifyIndex\": 30", "\"ModifyIndex\": 31");

        assertThat(read(left, later)).containsExactlyElementsOf(read(later));
        assertThat(read(later, left)).containsExactlyElementsOf(read(later));
    }

    @Test
    void entryThatIsTheSame_isReadOnce_andOneThatDiffersInAByteAnew() throws Exception {
        String other = GOOD.replace("\"a-1\"", "\"a-2\"");
        Registration first = read(GOOD, other).getFirst();
        List<Registration> again = read(GOOD.replace("17}", "18}"), other, GOOD);
        assertThat(again).hasSize(2);
        assertThat(read(GOOD, other).getFirst()).isEqualTo(first);
        List<Registration> unchanged = read(other, GOOD);
        assertThat(unchanged.getLast()).isSameAs(read(GOOD).getFirst());
        assertThat(unchanged.getFirst().grpcServices())
                .isSameAs(unchanged.getLast().grpcServices());
    }

    @Test
    void problemOfAnEntryThatIsTheSame_isStillKnown(CapturedOutput output) throws Exception {
        String wrong = GOOD.replace("21001", "0");
        assertThat(read(wrong)).isEmpty();
        assertThat(read(wrong)).isEmpty();
        assertThat(output).containsOnlyOnce("port 0 (expected: 1 to 65535)");
        assertThat(read(GOOD)).hasSize(1);
        assertThat(read(wrong)).isEmpty();
        assertThat(output.toString().split("port 0", -1)).hasSize(3);
    }

    @Test
    void noList_isAnError() {
        assertThatThrownBy(() -> readBody("{}")).isInstanceOf(IOException.class).hasMessageContaining("not a list");
    }

    private List<Registration> read(String... entries) throws IOException {
        return readBody("[" + String.join(",", entries) + "]");
    }

    private List<Registration> readBody(String body) throws IOException {
        ElementsSubscriber.Reading<Registrations.Listed> reading = registrations.begin();
        ArraySplitter splitter = new ArraySplitter(reading);
        splitter.add(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)));
        splitter.end();
        return reading.end().registrations();
    }
}
