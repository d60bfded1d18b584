using RecordingVault.Server.Features.Recordings;

namespace RecordingVault.Server.Features.Sharing;

/// <summary>What a recording's page says of files that move out of it or into it.</summary>
internal static class MovingWords
{
    public static RecordingMoving? Of(RecordingResponse recording, DateTimeOffset now) => recording.Move switch
    {
        { State: "waiting" or "running" } move => new RecordingMoving(move.To == recording.Id, move.Percent, move.Reason is { } wait ? WaitsFor(wait) : null, Other(move, recording.Id)),
        { State: "given-up" } move when move.EndedAt is null || now - move.EndedAt < MoveResponse.RefusalToldFor => new RecordingMoving(move.To == recording.Id, null, Because(move.Reason, move.Kind == "split"), Other(move, recording.Id)),
        _ => null,
    };

    private static Guid Other(MoveResponse move, Guid id) => move.To == id ? move.From : move.To;

    private static string WaitsFor(string reason) => reason switch
    {
        "processing" => "They are ready, and move as soon as what is being made of them for browsers is done.",
        _ => "They are ready, and move as soon as the upload that has begun meanwhile has ended.",
    };

    private static string Because(string? reason, bool isSplit) => reason switch
    {
        "in-trash" when isSplit => "This recording or the new one was moved to the trash before its files had moved. Take it out of the trash, and split again.",
        "restricted" when isSplit => "This recording or the new one was marked restricted before its files had moved. Whoever may open it can split it again.",
        "on-hold" => "The recording that files were to leave was put on hold meanwhile, and nothing leaves it until the hold is lifted.",
        "in-trash" => "One of the two recordings was moved to the trash meanwhile.",
        "restricted" => "One of the two recordings was marked restricted meanwhile.",
        "damaged" => "Part of what is stored of a file is damaged, so it stays where it is.",
        "too-many-people" => "Together the two name more than 500 people. Take out names that stand there twice, and merge again.",
        "recording-full" => "One recording holds at most 256 GiB and 4,096 files.",
        _ => "One of the two recordings is not there any more.",
    };
}
