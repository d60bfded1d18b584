using RecordingVault.Server.Features.Tokens;

namespace RecordingVault.Server.Tests.Pages;

public static class SamplePagesOfTokens
{
    private static readonly TokensPageModel s_tokens = new()
    {
        Frame = SamplePages.Frame,
        Tokens =
        [
            new(SamplePages.Tenant, "night upload", null, "Contributor", [], SamplePages.Now.AddDays(-3), SamplePages.Now.AddDays(87), SamplePages.Now.AddMinutes(-4), TokenState.Live),
            new(Guid.Parse("8f1f7a52-6b1e-4f0a-9a55-0d4b6f6a7c05"), "notes-sync", "Karin Roth", "Viewer", ["view", "download"], SamplePages.Now.AddDays(-80), SamplePages.Now.AddDays(10), null, TokenState.Revoked),
            new(Guid.Parse("8f1f7a52-6b1e-4f0a-9a55-0d4b6f6a7c06"), "old", null, "Owner", ["view"], SamplePages.Now.AddDays(-200), SamplePages.Now.AddDays(-110), SamplePages.Now.AddDays(-111), TokenState.Expired),
        ],
        EarlierCursor = "OTEwMA",
        Roles = ["Viewer", "Contributor", "Auditor", "Admin", "Owner"],
        Form = new TokenForm { Role = "Contributor" },
    };

    public static IEnumerable<SamplePage> All =>
    [
        new("tokens", typeof(TokensPage), s_tokens),
        new("tokens-none", typeof(TokensPage), s_tokens with { Tokens = [], EarlierCursor = null, Roles = ["Auditor"], Form = new TokenForm { Role = "Auditor" } }),
        new("tokens-made", typeof(TokensPage), s_tokens with { Made = new MadeTokenText("night upload", "Contributor", SamplePages.Now.AddDays(90), "rvt_AZq8XkZ5cX6n1m0l2k3j4h_Yx9wVuTsRqPoNmLkJiHgFeDcBaZyXwVuTsRqPoNmLkJ") }),
        new("tokens-refused", typeof(TokensPage), s_tokens with { IsRevoked = true, Form = new TokenForm { Name = "", Days = "400", Role = "Owner", Purposes = ["view"], NameError = "Say in 1 to 100 characters what the token is for.", DaysError = "A token lasts 1 to 365 days.", Error = "Choose a role that you have yourself." } }),
    ];
}
