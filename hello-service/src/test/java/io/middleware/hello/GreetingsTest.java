package io.middleware.hello;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GreetingsTest {

    @ParameterizedTest
    @CsvSource({
        "Hello,World",
        "Olá,Mundo",
        "Hola,Mundo",
        "Bonjour,Monde",
        "Hallo,Welt",
        "Ciao,Mondo",
        "Hej,Världen",
        "Cześć,Świecie",
        "hELLO,World",
        "ola,Mundo",
        "OLÁ,Mundo",
        "' \t\n Hola \u2003',Mundo",
        "'',World",
        "'  ',World"
    })
    void knownGreeting_isAnswered(String greeting, String world) {
        assertThat(Greetings.world(greeting)).contains(world);
    }

    @Test
    void decomposedAccents_areTheSameGreeting() {
        assertThat(Greetings.world("Ola\u0301")).contains("Mundo");
    }

    @ParameterizedTest
    @CsvSource({"Salut", "Hello World", "Hell", "Hello!"})
    void unknownGreeting_hasNoAnswer(String greeting) {
        assertThat(Greetings.world(greeting)).isEmpty();
    }

    @Test
    void unknown_namesTheKnownOnesAndQuotesLittle() {
        assertThat(Greetings.unknown(" Salut ")).startsWith("unknown greeting 'Salut'; known are Hello, Olá, Hola,");
        assertThat(Greetings.unknown("x".repeat(1_000_000))).hasSizeLessThan(200);
    }

    @Test
    void worlds_namesEachOnce() {
        assertThat(Greetings.worlds()).startsWith("World", "Mundo", "Monde").doesNotHaveDuplicates();
    }
}
