import { Enums, init as startCore, RenderingEngine, type StackViewport } from '@cornerstonejs/core'
import { init as startLoader, wadors } from '@cornerstonejs/dicom-image-loader'
import {
  addTool,
  Enums as ToolEnums,
  init as startTools,
  PanTool,
  StackScrollTool,
  ToolGroupManager,
  utilities,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools'
import type { Frame } from '../imaging/instances.ts'
import { isJson, type Json } from '../smart/json.ts'
import { type Range, rangeOf, type WindowLevel, windowOf } from './window-level.ts'

/** What a stack shows right now. */
export type StackView = { readonly index: number; readonly total: number; readonly window: WindowLevel | undefined }

export type StackListener = {
  readonly authorization: () => Promise<string>
  readonly onView: (view: StackView) => void
  /** HTTP status of an image that did not come; 0 when the network gave none. */
  readonly onImageProblem: (status: number) => void
}

export type Stack = {
  readonly show: (frames: readonly Frame[]) => Promise<void>
  readonly scrollTo: (index: number) => Promise<void>
  /** The image asked for last, which may still be on its way. */
  readonly target: () => number
  readonly setWindow: (window: WindowLevel) => void
  readonly reset: () => void
  readonly resize: () => void
  readonly close: () => void
}

const ENGINE = 'images'
const VIEWPORT = 'stack'
const TOOLS = 'reading'
/** The one open stack; the loader of the library is global and asks it for tokens. */
let listener: StackListener | undefined
let started = false

function start(): void {
  if (started) return
  started = true
  startCore()
  startLoader({
    maxWebWorkers: 1,
    // A fresh token on every frame: scrolling may go on longer than a token lives.
    beforeSend: async () => ({ Authorization: (await listener?.authorization()) ?? '' }),
    errorInterceptor: (error) => listener?.onImageProblem(error.status),
  })
  startTools()
  for (const tool of [WindowLevelTool, ZoomTool, PanTool, StackScrollTool]) addTool(tool)
  const group = ToolGroupManager.createToolGroup(TOOLS)
  if (!group) return
  const { Primary, Secondary, Auxiliary, Wheel } = ToolEnums.MouseBindings
  const bindings = [
    [WindowLevelTool, Primary],
    [ZoomTool, Secondary],
    [PanTool, Auxiliary],
    [StackScrollTool, Wheel],
  ] as const
  for (const [tool, mouseButton] of bindings) {
    group.addTool(tool.toolName)
    group.setToolActive(tool.toolName, { bindings: [{ mouseButton }] })
  }
}

type DicomJson = Parameters<typeof wadors.metaDataManager.add>[1]

/** Every element of DICOM JSON is an object (PS3.18 §F.2.2); what is inside, the loader checks tag by tag. */
const isDicomJson = (metadata: Json): metadata is Json & DicomJson => Object.values(metadata).every(isJson)

/** Puts a stack viewport into an element. Only one is open at a time. */
export function openStack(element: HTMLDivElement, opened: StackListener): Stack {
  start()
  listener = opened
  const engine = new RenderingEngine(ENGINE)
  engine.enableElement({ viewportId: VIEWPORT, type: Enums.ViewportType.STACK, element })
  ToolGroupManager.getToolGroup(TOOLS)?.addViewport(VIEWPORT, ENGINE)
  const viewport = engine.getViewport<StackViewport>(VIEWPORT)

  const tell = () => {
    const range: Range | undefined = viewport.getProperties().voiRange
    opened.onView({
      index: viewport.getCurrentImageIdIndex(),
      total: viewport.getImageIds().length,
      window: range && windowOf(range),
    })
  }
  element.addEventListener(Enums.Events.IMAGE_RENDERED, tell)

  return {
    show: async (frames) => {
      const imageIds = frames.flatMap(({ address, metadata }) => {
        if (!isDicomJson(metadata)) return []
        const imageId = `wadors:${address}`
        wadors.metaDataManager.add(imageId, metadata)
        return [imageId]
      })
      await viewport.setStack(imageIds, Math.floor(imageIds.length / 2))
      viewport.render()
      if (imageIds.length > 1) utilities.stackPrefetch.enable(element)
    },
    scrollTo: async (index) => {
      await viewport.setImageIdIndex(index)
    },
    target: () => viewport.getTargetImageIdIndex(),
    setWindow: (window) => {
      viewport.setProperties({ voiRange: rangeOf(window) })
      viewport.render()
    },
    reset: () => {
      viewport.resetCamera()
      viewport.resetProperties()
      viewport.render()
    },
    // Whoever has moved the image keeps it where it is; otherwise the whole image is fitted into the new frame.
    resize: () => {
      const [right, down] = viewport.getPan()
      const moved = Math.abs(viewport.getZoom() - 1) > 0.01 || Math.hypot(right, down) > 1
      engine.resize(true, moved)
    },
    close: () => {
      element.removeEventListener(Enums.Events.IMAGE_RENDERED, tell)
      if (listener === opened) listener = undefined
      utilities.stackPrefetch.disable(element)
      ToolGroupManager.getToolGroup(TOOLS)?.removeViewports(ENGINE, VIEWPORT)
      engine.destroy()
    },
  }
}
