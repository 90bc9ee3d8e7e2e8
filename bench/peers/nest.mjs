import 'reflect-metadata';
import { Controller, ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsPositive,
  IsString,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { firstValueFrom } from 'rxjs';
import { freePort } from './free-port.mjs';

/** A DTO class whose fields carry these decorators: what a compiler makes of the decorator syntax. */
export function dto(fields) {
  class Dto {}
  for (const [name, decorators] of Object.entries(fields))
    for (const decorate of decorators) decorate(Dto.prototype, name);
  return Dto;
}

export const unit = () => [IsNumber(), Min(0), Max(1)];
export const text = (max) => [IsString(), Length(1, max)];
export const symbol = () => [...text(64), Matches(/^[A-Z0-9/]+$/)];
export const time = () => [IsNumber(), Min(0), Max(1e14)];
const each = { each: true };
const positive = () => [IsArray(), ArrayMaxSize(100_000), IsNumber({}, each), IsPositive(each)];
const nonNegative = () => [IsArray(), ArrayMaxSize(100_000), IsNumber({}, each), Min(0, each)];
export const nested = (type) => [ValidateNested(), Type(() => type)];

const Probabilities = dto({ buy: unit(), hold: unit(), sell: unit() });
const Vote = dto({
  expert: text(64),
  version: text(32),
  symbol: symbol(),
  asOfMs: time(),
  probabilities: nested(Probabilities),
  confidence: unit(),
  label: text(64),
  validForMs: [IsInt(), Min(1), Max(86_400_000)],
});
const Candles = dto({
  timeMs: nonNegative(),
  open: positive(),
  high: positive(),
  low: positive(),
  close: positive(),
  volume: nonNegative(),
});
const Book = dto({
  timeMs: time(),
  bidPrice: positive(),
  bidSize: nonNegative(),
  askPrice: positive(),
  askSize: nonNegative(),
});
const Trades = dto({
  timeMs: nonNegative(),
  price: positive(),
  size: positive(),
  side: [IsArray(), IsIn([1, -1], each)],
});
const Question = dto({
  symbol: symbol(),
  timeframe: text(16),
  candles: nested(Candles),
  book: nested(Book),
  trades: nested(Trades),
  horizonBars: [IsInt(), Min(1), Max(1_000_000)],
});

function controller({ command, decide }, question) {
  class BenchController {
    command() {
      return command.reply;
    }
    decide() {
      return decide.reply;
    }
  }
  const answers = (method, type) => {
    const { prototype } = BenchController;
    Payload()(prototype, method, 0);
    Reflect.defineMetadata('design:paramtypes', [type], prototype, method);
    MessagePattern(method)(prototype, method, Object.getOwnPropertyDescriptor(prototype, method));
  };
  answers('command', Vote);
  answers('decide', question);
  Controller()(BenchController);
  return BenchController;
}

/**
 * Its own TCP transport, JSON, ValidationPipe with class-validator.
 *
 * @param question the DTO of a decide request
 * @param shapeOf how such a request is put for it
 */
export function nest(question, shapeOf = (request) => request) {
  return {
    async serve(workloads) {
      const port = await freePort();
      const options = { transport: Transport.TCP, logger: false, options: { host: '127.0.0.1', port } };
      const module = { module: class BenchModule {}, controllers: [controller(workloads, question)] };
      const app = await NestFactory.createMicroservice(module, options);
      app.useGlobalPipes(new ValidationPipe({ transform: true, whitelist: true }));
      await app.listen();
      return String(port);
    },
    async connect(address, { command, decide }) {
      const client = ClientProxyFactory.create({
        transport: Transport.TCP,
        options: { host: '127.0.0.1', port: Number(address) },
      });
      await client.connect();
      const request = shapeOf(decide.request);
      return {
        command: () => firstValueFrom(client.send('command', command.request)),
        decide: () => firstValueFrom(client.send('decide', request)),
      };
    },
  };
}

/** Series as arrays of numbers: what NestJS is quickest with. */
export const contestant = nest(Question);
