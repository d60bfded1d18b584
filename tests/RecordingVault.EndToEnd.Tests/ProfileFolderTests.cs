using RecordingVault.EndToEnd.Tests.Harness;
using RecordingVault.EndToEnd.Tests.SigningIn;

namespace RecordingVault.EndToEnd.Tests;

/// <summary>Whoever watched leaves nothing of the film in the browser that he used: its profile folder is searched when it has been closed (security.md 10).</summary>
[Trait("Needs", "Browser")]
public sealed class ProfileFolderTests(Browser browser, MeetingFiles meetings, SettledVault vault) : IClassFixture<SettledVault>
{
    private const int PieceLength = 48;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_a_recording_that_was_played_lies_in_the_browsers_profile()
    {
        var file = await meetings.ShortAsync(Ct);
        string url, passcode;
        await using (var helen = await vault.SignInAsync())
            (url, passcode) = await Story.ShareAsync(helen.Page, await Story.UploadAsync(helen.Page, file), "Claire Dubois");
        var profile = Directory.CreateTempSubdirectory("recordingvault-profile-").FullName;
        try
        {
            var film = await File.ReadAllBytesAsync(file, Ct);
            var pieces = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            foreach (var eighth in Enumerable.Range(1, 7))
                pieces[$"film {eighth}/8"] = Piece(film, film.Length * eighth / 8);
            await using (var claire = await browser.VisitAsync(vault.Server.Address, profile))
            {
                await Story.OpenLinkAsync(claire.Page, url, passcode);
                await Story.PlayAsync(claire.Page, untilSeconds: 1);
                // What was played was fetched by this browser; once more by hand, whole, as its cache would have it.
                var fetched = await claire.Page.EvaluateAsync<int>("async () => (await (await fetch(document.querySelector('video').currentSrc)).arrayBuffer()).byteLength");
                Assert.InRange(fetched, film.Length, int.MaxValue);
                claire.ShouldBeQuiet("/open");
            }

            Assert.Empty(await ClearTextSearch.FindBytesAsync(profile, pieces, Ct));
            Assert.Empty(await ClearTextSearch.FindAsync(profile, [MeetingFiles.Marker], Ct));

            // The controls: the folder is the one in which this browser keeps what it may, and the same pieces are found where they lie.
            Assert.NotEmpty(await ClearTextSearch.FindAsync(profile, ["/app/"], Ct));
            await File.WriteAllBytesAsync(Path.Combine(profile, "planted"), film, Ct);
            Assert.Equal(pieces.Count, (await ClearTextSearch.FindBytesAsync(profile, pieces, Ct)).Count);
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    private static byte[] Piece(byte[] film, int at) => film.AsSpan(at, PieceLength).ToArray();
}
