using System.Text.Json;
using RecordingVault.Marks.Carriers;
using RecordingVault.Marks.Vocabulary;

namespace RecordingVault.Marks.Tests.Carriers;

/// <summary>The member `usage` in a document that somebody else wrote: it is put in, and nothing else is touched.</summary>
public sealed class UsageMemberTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("{\"messages\":[{\"at\":1.50,\"text\":\"{ hello }\"}]}")]
    [InlineData("\uFEFF \r\n{ \"a\" : 1e400 , \"Usage\":2, \"b\":{\"usage\":{\"tag\":\"allowed\"}} }\n")]
    public void It_stands_in_front_of_all_others_and_no_other_byte_is_another_one(string document)
    {
        var marked = UsageMember.Write(document, UsageTag.NoTdm);

        Assert.NotNull(marked);
        Assert.True(UsageMember.Says(marked, UsageTag.NoTdm));
        Assert.Equal("no-tdm", Assert.Single(UsageMember.Read(marked)).Value);
        var brace = document.IndexOf('{', StringComparison.Ordinal) + 1;
        Assert.StartsWith(document[..brace] + "\"usage\":{", marked, StringComparison.Ordinal);
        Assert.EndsWith(document[brace..], marked, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(marked.TrimStart('\uFEFF'));
        Assert.Equal("usage", json.RootElement.EnumerateObject().First().Name);
    }

    [Fact]
    public void One_that_says_the_tag_stays_as_it_is()
    {
        var marked = UsageMember.Write("{\"text\":\"hello\"}", UsageTag.NoTdm)!;

        Assert.Same(marked, UsageMember.Write(marked, UsageTag.NoTdm));
        Assert.Null(UsageMember.Write(marked, UsageTag.AllowedUse));
        Assert.False(UsageMember.Says(marked, UsageTag.AllowedUse));
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    [InlineData("{\"usage\":{\"tokens\":12}}")]
    [InlineData("{\"\\u0075sage\":null}")]
    [InlineData("{\"a\":")]
    [InlineData("[09:00] Anna: hello")]
    [InlineData("")]
    public void What_has_no_place_for_it_is_not_marked(string document) => Assert.Null(UsageMember.Write(document, UsageTag.NoTdm));
}
