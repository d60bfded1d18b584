using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Tests.Members;

[Trait("Run", "Once")]
public sealed class TokenTextTests
{
    [Fact]
    public void A_token_is_read_back_whatever_letters_its_parts_have()
    {
        for (var i = 0; i < 2_000; i++)
        {
            var token = TokenText.New();

            var read = TokenText.Parse(token.Show());

            Assert.NotNull(read);
            Assert.Equal(token.Id, read.Id);
            Assert.Equal(token.Secret, read.Secret);
        }
    }

    [Fact]
    public void A_token_is_read_by_position_because_its_parts_may_hold_underscores()
    {
        var id = new string('_', 21) + "w";
        var secret = new string('_', 42) + "8";

        Assert.NotNull(TokenText.Parse($"rvt_{id}_{secret}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("rvt_")]
    [InlineData("RVT_AAAAAAAAAAAAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rvt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rvt_AAAAAAAAAAAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rvt_AAAAAAAAAAAAAAAAAAAAA+_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rvt_AAAAAAAAAAAAAAAAAAAAA=_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rvt_AAAAAAAAAAAAAAAAAAAA A_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rvt_AAAAAAAAAAAAAAAAAAAAAB_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("rvt_AAAAAAAAAAAAAAAAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB")]
    public void What_is_not_exactly_one_token_is_none(string text) => Assert.Null(TokenText.Parse(text));

    [Fact]
    public void A_token_does_not_print_itself() => Assert.Equal("token", TokenText.New().ToString());
}
