package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The README in Portuguese says what the English one says: as far as a test can tell, which knows no language. */
class ReadmeTranslationTest {
    private static final Pattern INLINE_CODE = Pattern.compile("`([^`]+)`");
    /** Pictures, which have words in them. */
    private static final Pattern PICTURE = Pattern.compile("[─►◄└┘│]");

    private final Document english = Document.read("README.md");
    private final Document portuguese = Document.read("README.pt-BR.md");

    @Test
    void headings_areOfTheSameLevelsInTheSameOrder() {
        assertThat(levels(english)).hasSizeGreaterThan(5).isEqualTo(levels(portuguese));
    }

    private static List<String> levels(Document readme) {
        return readme.headings().stream()
                .map(heading -> heading.replaceFirst(" .*", ""))
                .toList();
    }

    @Test
    void commandsAndCode_areTheSameButForComments() {
        assertThat(code(portuguese)).hasSizeGreaterThan(15).isEqualTo(code(english));
    }

    private static List<String> code(Document readme) {
        return readme.code().stream()
                .filter(line -> !PICTURE.matcher(line).find())
                .toList();
    }

    @Test
    void commandsAndNamesInTheText_areTheSame() {
        assertThat(Document.found(INLINE_CODE, portuguese.prose()))
                .containsExactlyInAnyOrderElementsOf(
                        Document.found(INLINE_CODE, english.prose()).toList());
    }

    @Test
    void links_leadToTheSameFilesInTheSameOrder() {
        assertThat(leadingElsewhere(portuguese)).hasSizeGreaterThan(15).isEqualTo(leadingElsewhere(english));
    }

    /** All but the link to the other language; a page that is translated counts as one. */
    private static List<String> leadingElsewhere(Document readme) {
        return readme.links().stream()
                .filter(link -> !link.startsWith("#") && !link.startsWith("README"))
                .map(link -> link.replace(".pt-BR.", "."))
                .toList();
    }

    @Test
    void tables_haveAsManyRows() {
        assertThat(tableRows(portuguese)).isGreaterThan(40).isEqualTo(tableRows(english));
    }

    private static long tableRows(Document readme) {
        return readme.prose().stream().filter(line -> line.startsWith("|")).count();
    }

    @Test
    void eachLeadsToTheOther() {
        assertThat(english.links()).startsWith("README.pt-BR.md");
        assertThat(portuguese.links()).startsWith("README.md");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "README.pt-BR.md"})
    void linksWithinThePage_leadToAHeading(String file) {
        Document readme = Document.read(file);

        assertThat(readme.links().stream().filter(link -> link.startsWith("#")))
                .isNotEmpty()
                .isSubsetOf(readme.anchors());
    }
}
