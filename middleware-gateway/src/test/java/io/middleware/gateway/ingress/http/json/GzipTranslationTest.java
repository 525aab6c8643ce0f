package io.middleware.gateway.ingress.http.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GzipTranslationTest {

    static Stream<Method> methods() {
        return Arrays.stream(Translation.class.getDeclaredMethods()).filter(method -> !method.isSynthetic());
    }

    /** A default that is not passed on would replace what the wrapped translation says. */
    @ParameterizedTest
    @MethodSource("methods")
    void eachMethod_isPassedOn(Method ofInterface) throws NoSuchMethodException {
        Method own = GzipTranslation.class.getMethod(ofInterface.getName(), ofInterface.getParameterTypes());

        assertThat(own.getDeclaringClass()).isEqualTo(GzipTranslation.class);
    }
}
