package io.middleware.gateway.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RightsTest {
    private static final String ALL = "{\"consul\": [], \"greeter\": [\"middleware\"]}";
    private static final String SOME = "{\"greeter\": [\"middleware\"]}";
    private static final String ENTRY = "[{\"Service\": {\"ID\": \"g-1\"}}]";

    private final Rights rights = new Rights();

    @Test
    void catalogueWithConsulItself_isWhole() throws IOException {
        rights.catalogue(answer(ALL, false));
        assertThat(rights.whole()).isTrue();
    }

    @Test
    void emptyCatalogue_isNone() {
        assertThatThrownBy(() -> rights.catalogue(answer("{}", false)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("acl-token");
    }

    @Test
    void noCatalogue_isAnError() {
        assertThatThrownBy(() -> rights.catalogue(answer("[]", false)))
                .hasMessage("it answered no catalogue of services");
    }

    @Test
    void tokenForSome_isBelievedAboutWhatItReads() throws Exception {
        rights.catalogue(answer(SOME, true));
        assertThat(rights.whole()).isFalse();
        assertThatCode(() -> rights.instances("greeter", answer("[]", false), () -> answer(SOME, true)))
                .doesNotThrowAnyException();
        assertThatCode(() -> rights.instances("greeter", answer(ENTRY, true), () -> answer(SOME, true)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> rights.instances("greeter", answer("[]", true), () -> answer(SOME, true)))
                .hasMessageContaining("leaves out what the token may not read");
    }

    @Test
    void tokenThatHasReadAll_isNotBelievedWhenItReadsLess() throws Exception {
        rights.catalogue(answer(ALL, false));
        for (ConsulHttp.Answer less :
                new ConsulHttp.Answer[] {answer(SOME, false), answer(ALL, true), answer("{}", true)}) {
            assertThatThrownBy(() -> rights.catalogue(less)).hasMessageContaining("leaves out");
            assertThatThrownBy(() -> rights.instances("greeter", answer("[]", false), () -> less))
                    .hasMessageContaining("greeter");
        }
        assertThatThrownBy(() -> rights.instances("greeter", answer(ENTRY, true), () -> answer(ALL, false)))
                .hasMessageContaining("greeter");
        assertThatCode(() -> rights.instances("greeter", answer("[]", false), () -> answer(ALL, false)))
                .doesNotThrowAnyException();
        assertThatCode(() -> rights.instances("greeter", answer(ENTRY, false), () -> answer("{}", false)))
                .doesNotThrowAnyException();
    }

    private static ConsulHttp.Answer answer(String body, boolean filtered) {
        return new ConsulHttp.Answer(new JsonMapper().readTree(body), 1, filtered);
    }
}
