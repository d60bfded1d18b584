using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Tests.Members;

[Trait("Run", "Once")]
public sealed class LocalPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/recordings/01a204c3?page=2")]
    [InlineData("/search?q=a%20b%2Fc")]
    [InlineData("/a//b")]
    public void A_path_of_ours_stays(string path) => Assert.Equal(path, LocalPath.OrHome(path));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("evil.example")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/%2fevil.example")]
    [InlineData("/%2Fevil.example")]
    [InlineData("/%5cevil.example")]
    [InlineData("/%252fevil.example")]
    [InlineData("/%25252fevil.example")]
    [InlineData("/%2525252525252fevil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData("/%09/evil.example")]
    [InlineData("/ /evil.example")]
    [InlineData("/\u2028/evil.example")]
    [InlineData("http://evil.example")]
    [InlineData("https:evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    public void Anything_that_could_be_another_host_leads_home(string? path) => Assert.Equal("/", LocalPath.OrHome(path));

    [Fact]
    public void A_path_without_end_leads_home() => Assert.Equal("/", LocalPath.OrHome("/" + new string('a', 3_000)));
}
