using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;
using RecordingVault.EndToEnd.Tests.SigningIn;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Who was recorded, over recordings: suggested, put together by a press, and looked at, on a desk and on a phone.</summary>
[Trait("Needs", "Browser")]
public sealed class PeoplePagesTests(SettledVault vault) : IClassFixture<SettledVault>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ben_who_is_in_two_recordings_becomes_one_person_with_a_page_of_his_own()
    {
        await using var helen = await vault.SignInAsync();
        var token = await vault.Server.CreateTokenAsync(Story.Mail, Story.House, Ct);
        foreach (var (title, name, email) in new[] { ("Kick-off", "Ben Okafor", "ben@okafor.example"), ("Quarterly review with a title that is rather long", "B. Okafor", "ben@okafor.example"), ("Interview", "Wilhelmina Featherstonehaugh-Cholmondeley", null) })
        {
            using var made = new HttpRequestMessage(HttpMethod.Post, "/api/v1/recordings") { Content = JsonContent.Create(new { title, participants = new[] { new { name, email } } }) };
            made.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            (await vault.Server.Client.SendAsync(made, Ct)).EnsureSuccessStatusCode();
        }

        await helen.LookAsync("/people", "people");
        await helen.Page.GetByRole(AriaRole.Button, new() { Name = "They are one person" }).ClickAsync();
        await Assertions.Expect(helen.Page.Locator("h1")).ToHaveTextAsync("B. Okafor");
        await Assertions.Expect(helen.Page.Locator("tbody tr")).ToHaveCountAsync(2);
        await helen.LookAsync(new Uri(helen.Page.Url).AbsolutePath, "person");
        await helen.LookAsync("/people", "people-known");
        await helen.Page.FillAsync("#people-words", "okafor");
        await helen.Page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await Assertions.Expect(helen.Page.Locator("#contacts-head")).ToHaveTextAsync("Found");
        await helen.ShouldBeAccessibleAsync();
        helen.ShouldBeQuiet();
    }
}
