using RecordingVault.Server.Features.Uploads.Plans;

namespace RecordingVault.Server.Tests.Uploads.Plans;

[Trait("Run", "Once")]
public sealed class UploadPlannerTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void A_folder_of_Zoom_is_one_recording_with_its_topic_and_the_time_of_its_own_clock()
    {
        const string Folder = "2026-11-20 09.00.12 Weekly sync";
        var plan = Plan(
            $"{Folder}/video1234567890.mp4", $"{Folder}/audio1234567890.m4a", $"{Folder}/chat.txt", $"{Folder}/recording.conf", $"{Folder}/zoomver.tag", $"{Folder}/playback.m3u",
            $"{Folder}/Audio Record/audioAnaSmith21234567890.m4a");

        var recording = Assert.Single(plan.Recordings);
        Assert.Equal(("Weekly sync", "zoom"), (recording.Title, recording.Source));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 8, 0, 12, TimeSpan.Zero), recording.RecordedAt);
        Assert.Equal(
            [($"{Folder}/video1234567890.mp4", "original"), ($"{Folder}/audio1234567890.m4a", "audio"), ($"{Folder}/Audio Record/audioAnaSmith21234567890.m4a", "audio"), ($"{Folder}/chat.txt", "chat")],
            recording.Files.Select(file => (file.Path, file.Role)));
        Assert.Equal(["no-recording", "no-recording", "no-recording"], plan.LeftOut.Select(left => left.Reason));
    }

    [Fact]
    public void What_goes_into_a_recording_that_is_there_needs_no_film_beside_it()
    {
        string[] names = ["meeting.vtt", "zoom chat.txt", "transcript.srt", "notes.txt", "more.mp4", "more.vtt"];
        var planner = new UploadPlanner(1_000_000, Berlin);
        var files = names.Select(name => new PlannedFile(name, 10)).ToList();

        var joining = planner.Plan(files, toJoin: true);
        var alone = planner.Plan(files);

        Assert.Equal(
            [("meeting.vtt", "captions"), ("more.mp4", "original"), ("more.vtt", "captions"), ("transcript.srt", "transcript"), ("zoom chat.txt", "chat")],
            joining.Recordings.SelectMany(recording => recording.Files).Select(file => (file.Path, file.Role)));
        Assert.Equal(["notes.txt"], joining.LeftOut.Select(left => left.Path));
        Assert.Equal(["more.mp4", "more.vtt"], Assert.Single(alone.Recordings).Files.Select(file => file.Path));
    }

    [Fact]
    public void An_older_folder_of_Zoom_has_its_parts_in_order_and_its_meeting_number_is_no_title()
    {
        var plan = Plan("2019-03-04 10.11.12 Board 123456789/zoom_1.mp4", "2019-03-04 10.11.12 Board 123456789/zoom_0.mp4", "2019-03-04 10.11.12 Board 123456789/audio_only.m4a");

        var recording = Assert.Single(plan.Recordings);
        Assert.Equal("Board", recording.Title);
        Assert.Equal(["zoom_0.mp4", "zoom_1.mp4", "audio_only.m4a"], recording.Files.Select(file => file.Path.Split('/')[1]));
    }

    [Fact]
    public void What_Zoom_has_not_finished_is_explained_and_never_taken()
    {
        var plan = Plan("2026-11-20 09.00.12 Sync/double_click_to_convert_01.zoom", "2026-11-20 09.00.12 Sync/video1.mp4.tmp", "2026-11-20 09.00.12 Sync/audio1.m4a.tmp");

        Assert.Empty(plan.Recordings);
        Assert.Equal(["temporary", "not-converted", "temporary"], plan.LeftOut.Select(left => left.Reason));
        Assert.Contains("Zoom", plan.LeftOut[1].Says, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_Zooms_cloud_belong_together_by_their_beginning_which_is_a_time_of_Greenwich()
    {
        var plan = Plan(
            "Downloads/GMT20261120-090012_Recording_1920x1080.mp4", "Downloads/GMT20261120-090012_Recording.m4a", "Downloads/GMT20261120-090012_Recording.transcript.vtt",
            "Downloads/GMT20261120-090012_Recording.cc.vtt", "Downloads/GMT20261120-090012_RecordingnewChat.txt", "Downloads/GMT20261121-090012_Recording_640x360.mp4");

        Assert.Equal(2, plan.Recordings.Count);
        Assert.Equal(["original", "audio", "captions", "transcript", "chat"], plan.Recordings[0].Files.Select(file => file.Role));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 9, 0, 12, TimeSpan.Zero), plan.Recordings[0].RecordedAt);
        Assert.Single(plan.Recordings[1].Files);
    }

    [Fact]
    public void What_BigBlueButton_published_is_one_recording_over_its_formats()
    {
        const string Id = "0e9770ee13188deca3cd34f598eb93650a2f97c3-1763628000000";
        var plan = Plan(
            $"presentation/{Id}/video/webcams.webm", $"presentation/{Id}/video/webcams.mp4", $"presentation/{Id}/deskshare/deskshare.webm", $"presentation/{Id}/audio/audio.webm",
            $"presentation/{Id}/caption_en.vtt", $"presentation/{Id}/metadata.xml", $"presentation/{Id}/presentation/slide-1.png", $"presentation/{Id}/captions.json",
            $"video/{Id}/video-0.m4v", $"video/{Id}/video-0.webm");

        var recording = Assert.Single(plan.Recordings);
        Assert.Equal(("bigbluebutton", "BigBlueButton meeting, 20 November 2025 09:40"), (recording.Source, recording.Title));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_763_628_000_000), recording.RecordedAt);
        Assert.Equal(
            [("video-0.m4v", "original"), ("webcams.mp4", "original"), ("deskshare.webm", "original"), ("audio.webm", "audio"), ("caption_en.vtt", "captions")],
            recording.Files.Select(file => (file.Path.Split('/')[^1], file.Role)));
        Assert.Contains(plan.LeftOut, left => left.Path.EndsWith("webcams.webm", StringComparison.Ordinal) && left.Says.Contains("another format", StringComparison.Ordinal));
    }

    [Fact]
    public void Loose_films_are_a_recording_each_with_what_is_called_like_them()
    {
        var plan = Plan("call.mp4", "call.en.vtt", "call.de.srt", "call 1.mkv", "call 1 chat.txt", "call.m4a", "memo.mp3", "notes.txt");

        Assert.Equal(["call 1", "call", "memo"], plan.Recordings.Select(recording => recording.Title));
        Assert.Equal([("call 1.mkv", "original"), ("call 1 chat.txt", "chat")], plan.Recordings[0].Files.Select(file => (file.Path, file.Role)));
        Assert.Equal([("call.mp4", "original"), ("call.m4a", "audio"), ("call.en.vtt", "captions"), ("call.de.srt", "captions")], plan.Recordings[1].Files.Select(file => (file.Path, file.Role)));
        Assert.Equal([("memo.mp3", "audio")], plan.Recordings[2].Files.Select(file => (file.Path, file.Role)));
        Assert.Equal(["notes.txt"], plan.LeftOut.Select(left => left.Path));
    }

    [Theory]
    [InlineData("2026-11-22 10-15-30.mkv", "2026-11-22T09:15:30Z")]
    [InlineData("standup_2026-07-22-10-15-30.mp4", "2026-07-22T08:15:30Z")]
    [InlineData("12026-11-22 10-15-30.mkv", null)]
    [InlineData("2026-13-22 10-15-30.mkv", null)]
    [InlineData("2026-03-29 02-30-00.mkv", null)]
    public void A_moment_in_a_name_is_the_places_own(string name, string? expected) =>
        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Assert.Single(Plan(name).Recordings).RecordedAt);

    [Fact]
    public void What_is_empty_hidden_or_too_long_is_left_out_with_the_reason()
    {
        var plan = new UploadPlanner(1_000, Berlin).Plan([new("a.mp4", 0), new("b.mp4", 1_001), new(".c.mp4", 5), new("d.pdf", 0)]);

        Assert.Empty(plan.Recordings);
        Assert.Equal([(".c.mp4", "no-recording"), ("a.mp4", "empty"), ("b.mp4", "too-long"), ("d.pdf", "no-recording")], plan.LeftOut.Select(left => (left.Path, left.Reason)));
        Assert.Contains("1.0 kB", plan.LeftOut[2].Says, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_file_is_planned_once_or_left_out_once()
    {
        var random = new Random(7);
        string[] parts = ["2026-11-20 09.00.12 Sync", "video", "0e9770ee13188deca3cd34f598eb93650a2f97c3-1763628000000", "Audio Record", "x"];
        string[] names = ["video1.mp4", "audio1.m4a", "chat.txt", "webcams.webm", "webcams.mp4", "a.vtt", "GMT20261120-090012_Recording.m4a", "zoomver.tag", "x.tmp", "x.zoom", "a.mp4", ".hidden"];
        for (var round = 0; round < 300; round++)
        {
            var paths = Enumerable.Range(0, random.Next(1, 30)).Select(_ => string.Join('/', random.GetItems(parts, random.Next(0, 4)).Append(random.GetItems(names, 1)[0]))).Distinct().ToArray();
            var plan = Plan(paths);

            Assert.Equal(paths.Order(StringComparer.Ordinal), plan.Recordings.SelectMany(recording => recording.Files).Select(file => file.Path).Concat(plan.LeftOut.Select(left => left.Path)).Order(StringComparer.Ordinal));
            Assert.All(plan.Recordings, recording => Assert.True(recording.Title.Length > 0 && new PlannedFile(recording.Files[0].Path, 1).IsMedia));
        }
    }

    private static PlanResponse Plan(params string[] paths) => new UploadPlanner(long.MaxValue, Berlin).Plan([.. paths.Select(path => new PlannedFile(path, 10))]);
}
