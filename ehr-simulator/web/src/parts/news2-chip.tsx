import { formatLevel, news2Level } from '../chart/news2.ts'

/** The score in its colour, and the level in words for those the colour does not reach. */
export function News2Chip({ score, three }: { readonly score: number; readonly three: boolean }) {
  const level = news2Level(score, three)
  return (
    <span className={`news2 news2--${level}`} title={`NEWS2 ${score} – ${formatLevel(level).toLowerCase()} risiko`}>
      <span aria-hidden="true">{score}</span>
      <span className="only-heard">{`${score}, ${formatLevel(level).toLowerCase()} risiko`}</span>
    </span>
  )
}
