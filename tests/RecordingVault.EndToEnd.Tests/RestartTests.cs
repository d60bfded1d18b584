using RecordingVault.EndToEnd.Tests.Harness;

namespace RecordingVault.EndToEnd.Tests;

public sealed class RestartTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_server_starts_again_over_its_data_and_stops_cleanly_when_asked()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);

        await server.KillAsync();
        await server.StartAgainAsync(Ct);

        Assert.Equal(0, await server.StopAsync(Ct));
    }

    [Fact]
    public async Task Nobody_but_its_own_user_enters_the_data_folder_of_a_vault()
    {
        await using var server = await ServerProcess.StartAsync([], Ct);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(server.DataFolder).UnixFileMode);
    }
}
