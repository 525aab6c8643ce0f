package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RightsTest {
    private static final String ALL = "{\"consul\": [], \"greeter\": [\"middleware\"]}";
    private static final String OTHERS = "{\"consul\": [], \"shop\": [\"middleware\"]}";
    private static final String SOME = "{\"greeter\": [\"middleware\"]}";

    private final Rights rights = new Rights();

    @Test
    void catalogueWithConsulItself_isWhole() throws IOException {
        rights.onCatalogue(response(ALL, false));
        assertThat(rights.isComplete()).isTrue();
    }

    @Test
    void emptyCatalogue_isNone() {
        assertThatThrownBy(() -> rights.onCatalogue(response("{}", false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Consul has just started")
                .hasMessageContaining("acl-token");
    }

    @Test
    void noCatalogue_isAnError() {
        assertThatThrownBy(() -> rights.onCatalogue(response("[]", false)))
                .hasMessage("the response is not a catalogue of services");
    }

    @Test
    void tokenForSome_isBelievedAboutWhatItReads() throws Exception {
        rights.onCatalogue(response(SOME, true));
        assertThat(rights.isComplete()).isFalse();
        assertThatCode(() -> rights.requireComplete("greeter", true, false, () -> response(SOME, true)))
                .doesNotThrowAnyException();
        assertThatCode(() -> rights.requireComplete("greeter", false, true, () -> response(SOME, true)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> rights.requireComplete("greeter", true, true, () -> response(SOME, true)))
                .hasMessageContaining("leaves out what the token may not read");
    }

    @Test
    void tokenThatHasReadAll_isNotBelievedWhenItReadsLess() throws Exception {
        rights.onCatalogue(response(ALL, false));
        for (ConsulHttp.Response<JsonNode> less :
                List.of(response(SOME, false), response(ALL, true), response("{}", true))) {
            assertThatThrownBy(() -> rights.onCatalogue(less)).hasMessageContaining("leaves out");
            assertThatThrownBy(() -> rights.requireComplete("greeter", true, false, () -> less))
                    .hasMessageContaining("greeter");
        }
        assertThatThrownBy(() -> rights.requireComplete("greeter", false, true, () -> response(ALL, false)))
                .hasMessageContaining("greeter");
        assertThatCode(() -> rights.requireComplete("greeter", true, false, () -> response(OTHERS, false)))
                .doesNotThrowAnyException();
        assertThatCode(() -> rights.requireComplete("greeter", false, false, () -> response("{}", false)))
                .doesNotThrowAnyException();
    }

    @Test
    void emptyList_isNotBelieved_whereRightsAreBackBeforeTheCatalogueIsRead() throws Exception {
        rights.onCatalogue(response(ALL, false));
        assertThatThrownBy(() -> rights.requireComplete("greeter", true, false, () -> response(ALL, false)))
                .hasMessageContaining("its list of instances of greeter leaves out");
    }

    private static ConsulHttp.Response<JsonNode> response(String body, boolean filtered) {
        return new ConsulHttp.Response<>(new JsonMapper().readTree(body), 1, filtered);
    }
}
