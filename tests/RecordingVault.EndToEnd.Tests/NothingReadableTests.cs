using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Playwright;
using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>P1: after the whole main job no word of it lies readable in data folder, journals, temporary files or output, and the search finds the same words where they were planted.</summary>
[Trait("Needs", "Browser")]
public sealed class NothingReadableTests(Browser browser, MeetingFiles meetings)
{
    private const string Title = "cornflower-4b7d-title";
    private const string Recipient = "Larkspur-91ce Recipient";
    private const string Participant = "Betony-6f03 Participant";
    private const string ParticipantMail = "betony-6f03@participants.example";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_word_of_a_recording_or_a_person_lies_readable_anywhere()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);
        var story = new Story(browser, server);
        var file = await CopyAsync(await meetings.ShortAsync(Ct), "foxglove-2ad8-file.mp4");
        string[] words = [MeetingFiles.Marker, Title, Recipient, Participant, ParticipantMail, "foxglove-2ad8-file", Story.Owner, Story.Mail, "marsh-coaching", Story.House, Story.Password];

        try
        {
            await using (var helen = await story.SetUpAsync(Screen.Desktop, ColorScheme.Light, Ct))
            {
                var recording = await Story.UploadAsync(helen.Page, file);
                await RenameAsync(helen.Page, recording);
                await AddPersonAsync(server, recording);
                var (url, passcode) = await Story.ShareAsync(helen.Page, recording, Recipient);
                await using var claire = await story.OpenLinkAsync(url, passcode, Screen.Desktop, ColorScheme.Light);
                await Story.PlayAsync(claire.Page, untilSeconds: 1);
                words = [.. words, passcode, new Uri(url).Fragment[1..]];
                Assert.Empty(await ClearTextSearch.FindAsync(server.Folder, words, Ct));
            }

            await server.StopAsync(Ct);
            Assert.Empty(await ClearTextSearch.FindAsync(server.Folder, words, Ct));
            Assert.Empty(ClearTextSearch.Find(server.Output.ToString(), words));

            // The control: the same words in clear, in each of the places, are found.
            Assert.Equal(words.Length, ClearTextSearch.Find(server.Output + string.Join('\n', words), words).Count);
            foreach (var planted in new[]
            {
                Path.Combine(server.DataFolder, "planted"), Path.Combine(server.DataFolder, "vault.db-wal"), Path.Combine(server.DataFolder, "vault.db-journal"),
                Path.Combine(server.DataFolder, "store", "planted"), Path.Combine(server.TemporaryFolder, "planted"),
            })
            {
                Assert.False(File.Exists(planted), "What a stopped server leaves is not to be written over.");
                await File.WriteAllTextAsync(planted, string.Join('\n', words), Encoding.UTF8, Ct);
                Assert.Equal(words.Length, (await ClearTextSearch.FindAsync(server.Folder, words, Ct)).Count);
                File.Delete(planted);
            }
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    private static async Task AddPersonAsync(ServerProcess server, Guid recording)
    {
        var token = await server.CreateTokenAsync(Story.Mail, Story.House, Ct, "Owner");
        server.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var changed = await server.Client.PatchAsJsonAsync($"/api/v1/recordings/{recording}", new { participants = new[] { new { name = Participant, email = ParticipantMail } } }, Ct);
        changed.EnsureSuccessStatusCode();
        Assert.Contains(Participant, await changed.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    private static async Task RenameAsync(IPage page, Guid recording)
    {
        await page.GotoAsync($"/recordings/{recording}");
        await page.ClickAsync(".rename > summary");
        await page.FillAsync("#new-title", Title);
        await page.PressAsync("#new-title", "Enter");
        await Assertions.Expect(page.Locator("#title")).ToContainTextAsync(Title);
    }

    private static async Task<string> CopyAsync(string path, string name)
    {
        var copy = Path.Combine(Directory.CreateTempSubdirectory("recordingvault-named-").FullName, name);
        await using var from = File.OpenRead(path);
        await using var to = File.Create(copy);
        await from.CopyToAsync(to, Ct);
        return copy;
    }
}
