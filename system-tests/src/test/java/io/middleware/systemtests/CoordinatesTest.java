package io.middleware.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.middleware.testsupport.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/**
 * Other projects can depend on the libraries: the BOM has them, each is an ordinary jar, and the examples have the same
 * versions.
 */
class CoordinatesTest {
    private static final XPath XPATH = XPathFactory.newInstance().newXPath();

    private final Document root = pom("");
    private final Document bom = pom("middleware-bom");

    @Test
    void bom_hasTheVersionOfTheProject_andImposesNothingElse() throws Exception {
        assertThat(texts(bom, "/project/version")).isEqualTo(texts(root, "/project/version"));
        assertThat(texts(bom, "/project/parent/artifactId"))
                .as("its versions would be imposed too")
                .isEmpty();
        assertThat(texts(bom, "//dependency/groupId")).containsOnly("io.middleware");
    }

    @Test
    void librariesOfTheBom_areModules_whoseJarIsNoProgram() throws Exception {
        List<String> libraries = texts(bom, "//dependency/artifactId");

        assertThat(libraries).contains("middleware-client", "middleware-starter");
        assertThat(texts(root, "//module")).containsAll(libraries);
        for (String library : libraries) {
            Document pom = pom(library);
            assertThat(texts(pom, "/project/artifactId")).containsExactly(library);
            assertThat(texts(pom, "//plugin/artifactId")).as(library).doesNotContain("spring-boot-maven-plugin");
        }
    }

    @Test
    void client_bringsGrpcAndNothingElse() throws Exception {
        assertThat(texts(pom("middleware-client"), "//dependency[not(scope='test')]/groupId"))
                .isNotEmpty()
                .containsOnly("io.grpc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"examples/spring-boot", "examples/java-client"})
    void examples_haveTheVersionsOfTheProject(String example) throws Exception {
        Document pom = pom(example);

        assertThat(texts(pom, "//middleware.version")).isEqualTo(texts(root, "/project/version"));
        assertThat(texts(pom, "//protoc-gen-grpc-java.version"))
                .isEqualTo(texts(root, "//protoc-gen-grpc-java.version"));
    }

    @Test
    void springBootExample_hasTheLibrariesThatTheStarterIsTestedWith() throws Exception {
        Document pom = pom("examples/spring-boot");

        assertThat(texts(pom, "/project/parent/version")).isEqualTo(texts(root, "/project/parent/version"));
        assertThat(texts(pom, "//netty.version")).isEqualTo(texts(root, "//netty.version"));
    }

    private static Document pom(String folder) {
        Path file = Repository.root().resolve(folder).resolve("pom.xml");
        try (var content = Files.newInputStream(file)) {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(content);
        } catch (Exception unreadable) {
            throw new AssertionError(file + " cannot be read", unreadable);
        }
    }

    private static List<String> texts(Document pom, String path) throws Exception {
        NodeList found = (NodeList) XPATH.evaluate(path, pom, XPathConstants.NODESET);
        return IntStream.range(0, found.getLength())
                .mapToObj(node -> found.item(node).getTextContent())
                .toList();
    }
}
