using System.Net;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Platform.Pages;
using RecordingVault.Server.Tests.Fixture;

namespace RecordingVault.Server.Tests.Members;

public sealed class PasswordRuleTests(SharedVault shared)
{
    private static readonly string[] About = ["Helen Marsh", "helen@marsh-coaching.example", "Marsh Coaching"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("four quiet lanterns here")]
    [InlineData("xK2#vq9Lw!")]
    [InlineData("zwölf hasen im pfeffer")]
    [InlineData("ten chars!")]
    public void A_password_that_is_hard_to_guess_needs_no_digit_and_no_sign(string password) => Assert.Null(PasswordRule.Check(password, About));

    [Theory]
    [InlineData("", "Choose")]
    [InlineData("kX#9vqL2w", "at least 10 characters")]
    [InlineData("qwertyuiop", "10,000")]
    [InlineData("ILoveYou123", "guessed too soon")]
    [InlineData("1Q2W3E4R5T", "10,000")]
    [InlineData("aaaaaaaaaa", "guessed too soon")]
    [InlineData("correct horse", "guessed too soon")]
    [InlineData("P4ssw0rd2026", "guessed too soon")]
    [InlineData("Helen Marsh 1", "leans on your name")]
    [InlineData("marshcoaching2026", "leans on your name")]
    [InlineData("HELEN-at-marsh", "leans on your name")]
    [InlineData("\uff48\uff45\uff4c\uff45\uff4e\uff4d\uff41\uff52\uff53\uff48\uff11", "leans on your name")] // in wide letters, which are the same key to the hash
    public void A_password_that_is_short_much_used_or_near_its_owner_is_refused_with_a_cure(string password, string words) =>
        Assert.Contains(words, PasswordRule.Check(password, About), StringComparison.Ordinal);

    [Fact]
    public void What_says_nothing_about_one_member_may_be_too_near_to_another()
    {
        Assert.Null(PasswordRule.Check("xenophon quillfeather", About));
        Assert.NotNull(PasswordRule.Check("xenophon quillfeather", "Xenophon Quillfeather"));
    }

    [Fact]
    public void A_password_longer_than_128_characters_is_refused_and_one_of_128_is_judged_in_time()
    {
        var letters = string.Concat(Enumerable.Range(0, 128).Select(place => (char)('!' + ((place * 37) % 90))));

        Assert.Null(PasswordRule.Check(letters));
        Assert.Contains("at most 128", PasswordRule.Check(letters + "x"), StringComparison.Ordinal);
        // Composing makes 18 letters of each of these: what is judged stays short.
        var started = TimeProvider.System.GetTimestamp();
        PasswordRule.Check(new string('\ufdfa', 128), About);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_new_password_is_held_against_name_address_and_organisation()
    {
        var tenant = await TestTenant.CreateAsync(shared.Vault, Ct, "Quillfeather Xenophon");
        using var browser = new TestBrowser(shared.Vault);
        await browser.SignInAsync(tenant.Owner, Ct);

        foreach (var near in new[] { "quillfeather xenophon", tenant.Owner.Name, tenant.Owner.Email })
        {
            var answer = await browser.PostFormAsync("/password", [("currentPassword", tenant.Owner.Password), ("newPassword", near)], Ct);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("leans on your name", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_new_member_is_asked_for_a_password_that_has_nothing_to_do_with_his_tenant()
    {
        var member = new NewMember("a@example.com", "A", "quillfeather xenophon");

        Assert.Null(member.Check("Marsh Coaching"));
        Assert.Equal("password", member.Check("Quillfeather Xenophon")?.Field);
    }

    [Theory]
    [InlineData("", "Wählen Sie ein Passwort.")]
    [InlineData("kurz", "mindestens 10 Zeichen")]
    [InlineData("qwertyuiop", "meistbenutzten")]
    [InlineData("aaaaaaaaaa", "zu schnell erraten")]
    public void A_German_page_says_in_German_what_is_wrong(string password, string words) =>
        Assert.Contains(words, PasswordRule.CheckIn(PublicTexts.German, password, About), StringComparison.Ordinal);
}
