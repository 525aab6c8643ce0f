package io.middleware.client.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.ShopServer;
import org.junit.jupiter.api.Test;

class CallMessagesTest extends CommandLineFixture {

    @Test
    void badJson_saysWhatWasExpectedAndSendsNothing() {
        assertThat(callShop("Look", "{\"nam\":\"tea\"}")).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .startsWith("client: expected the JSON of a shop.v1.Item, {\"name\": string, \"tags\": [string]}, ")
                .contains("got '{\"nam\":\"tea\"}'")
                .contains("Cannot find field: nam")
                .hasLineCount(1);
        assertThat(shop.attempts()).extracting(ShopServer.Attempt::method).doesNotContain("Look");
    }

    @Test
    void unaryMethod_takesOneMessage() {
        assertThat(callShop("Look", "{}", "{}")).isEqualTo(2);
        assertThat(err).hasToString("client: shop.v1.ShopService/Look takes one message, got 2\n");
    }

    @Test
    void dash_readsTheMessageFromStandardInput() {
        in = "{\n  \"name\": \"chá\"\n}\n";

        assertThat(callShop("Look", "-")).isZero();
        assertThat(out).hasToString("{\"name\":\"chá\"}\n");
    }

    @Test
    void serverStream_printsALineForEachMessage() {
        assertThat(callShop("Watch", "{\"tags\":[\"a\",\"b\"]}")).isZero();
        assertThat(out).hasToString("{\"name\":\"a\"}\n{\"name\":\"b\"}\n");
    }

    @Test
    void clientStream_takesSeveralArguments() {
        assertThat(callShop("Collect", "{\"name\":\"a\"}", "{\"name\":\"b\"}")).isZero();
        assertThat(out).hasToString("{\"tags\":[\"a\",\"b\"]}\n");
    }

    @Test
    void clientStream_withoutMessagesIsWrongUse() {
        assertThat(callShop("Collect")).isEqualTo(2);
        assertThat(err.toString()).contains("expected JSON arguments, or - for lines of standard input");
    }

    @Test
    void bidirectionalStream_takesLinesOfStandardInput() {
        in = "{\"name\":\"a\"}\n\n{\"name\":\"b\"}\n";

        assertThat(callShop("Haggle", "-")).isZero();
        assertThat(out).hasToString("{\"name\":\"a\",\"tags\":[\"less\"]}\n{\"name\":\"b\",\"tags\":[\"less\"]}\n");
    }

    @Test
    void badLineOfStandardInput_endsTheStream() {
        in = "{\"name\":\"a\"}\nnonsense\n";

        assertThat(callShop("Haggle", "-")).isEqualTo(2);
        assertThat(err.toString())
                .contains("{\"name\": string, \"tags\": [string]}, got 'nonsense'")
                .hasLineCount(1);
    }
}
