namespace RecordingVault.Cli.Exporting;

/// <summary>A line that breaks is tried again a few times, a little later each time; what stands at the vault is asked for once more.</summary>
internal static class LineBreaks
{
    private const int MostTries = 5;

    public static async Task<T> OverAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await attempt();
            }
            catch (CommandException broken) when (broken.Code == ExitCode.Unreachable && tries < MostTries)
            {
                await Task.Delay(TimeSpan.FromSeconds(1 << (tries - 1)), cancellationToken);
            }
        }
    }

    public static Task OverAsync(Func<Task> attempt, CancellationToken cancellationToken) => OverAsync(async () =>
    {
        await attempt();
        return true;
    }, cancellationToken);
}
